/** What of a whodisk.yml counts where the functions run: the same file serves on a laptop, which has keys and files of its own. Pure. */
import type { HostSettings } from '../../runner/fleet/inventory.ts';
import type { Config } from '../config/read-config.ts';
import type { SecretSource } from '../config/service-config.ts';

export type CloudConfig =
  | {
      readonly kind: 'config';
      readonly config: Config;
      /** What does not count, and what does instead, a sentence each. */
      readonly notes: readonly string[];
    }
  | { readonly kind: 'problem'; readonly problem: string };

/**
 * Private keys are those of the worker's secret, host keys are strict, findings go into the table of the deployment: what says otherwise is
 * left out, with a note. A secret that is in a file is a problem: what is told with it would be told nowhere.
 */
export function cloudConfigOf(config: Config): CloudConfig {
  const inFiles = secretsOf(config).filter(([, source]) => 'file' in source);
  if (inFiles.length > 0) {
    const settings = inFiles.map(([setting]) => setting).join(', ');
    return {
      kind: 'problem',
      problem: `whodisk.yml names a file as the secret of ${settings}, and in the cloud there is none: give env: NAME, and put NAME into the secret that whodisk has in Secrets Manager.`,
    };
  }
  const { hostKeyPolicy, store: _store, inventory, defaults, ...rest } = config;
  const hosts = new Map(
    [...inventory.hosts].map(([name, host]) => [name, { ...host, settings: withoutKeys(host.settings) }]),
  );
  const withKeys = [...inventory.hosts.values()].filter(({ settings }) => settings.identityFiles !== undefined).length;
  return {
    kind: 'config',
    config: { ...rest, defaults: withoutKeys(defaults), inventory: { hosts, groups: inventory.groups } },
    notes: [
      ...(withKeys > 0 || defaults.identityFiles !== undefined
        ? ['identityFiles do not count in the cloud: hosts are offered the keys of the secret of the worker']
        : []),
      ...(hostKeyPolicy === 'accept-new'
        ? ['hostKeyPolicy accept-new does not count in the cloud, where no pin would last: host keys are strict']
        : []),
    ],
  };
}

function secretsOf({ slack, tell }: Config): (readonly [setting: string, source: SecretSource])[] {
  return [
    ...(slack === undefined ? [] : [['slack.signingSecret', slack.signingSecret] as const]),
    ...[...tell].map(([name, to]) => [`tell.${name}`, to.kind === 'slack' ? to.webhook : to.secret] as const),
  ];
}

function withoutKeys({ identityFiles: _files, identitiesOnly: _only, ...settings }: HostSettings): HostSettings {
  return settings;
}
