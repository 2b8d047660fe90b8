/** What would be told nowhere, or answered to nobody, for want of a secret: said when the service starts, not first in the night. */
import type { Config } from '../config/read-config.ts';
import type { Log } from '../log.ts';
import { readSecret } from '../secrets.ts';

/** A warning for each secret of `slack` and `tell` that cannot be read. It stays without further effect: it is read again when it is used. Never rejects. */
export async function checkSecrets(
  config: Pick<Config, 'slack' | 'tell'> | { readonly problem: string },
  env: Readonly<Record<string, string | undefined>>,
  log: Pick<Log, 'warn'>,
): Promise<void> {
  // That it cannot be used has been said.
  if ('problem' in config) return;
  const sources = [
    ...(config.slack === undefined ? [] : [['slack.signingSecret', config.slack.signingSecret] as const]),
    ...[...config.tell].map(([name, to]) => [`tell.${name}`, to.kind === 'slack' ? to.webhook : to.secret] as const),
  ];
  await Promise.all(
    sources.map(async ([setting, source]) => {
      const read = await readSecret(source, env);
      if ('problem' in read) log.warn('a secret of whodisk.yml cannot be read', { setting, detail: read.problem });
    }),
  );
}
