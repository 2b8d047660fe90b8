/** Which hosts of the inventory somebody in chat may sweep, and so see: `slack.allow` of whodisk.yml. */
import type { Inventory } from '../../runner/fleet/inventory.ts';
import type { Config } from '../config/read-config.ts';
import type { SlackConfig } from '../config/service-config.ts';
import { knownNames } from '../sweep/known-targets.ts';
import type { Who } from './slack-request.ts';

export interface May {
  /** As whodisk.yml has them: what every entry that fits allows, together. */
  readonly targets: readonly string[];
  /** Names of hosts. */
  readonly hosts: ReadonlySet<string>;
  /** The inventory as if there were no other hosts: its suggestions tell nobody what else there is. */
  readonly inventory: Inventory;
}

export function mayOf(who: Who, slack: SlackConfig, { inventory }: Pick<Config, 'inventory'>): May {
  const fitting = slack.allow.filter(
    ({ team, channels, users }) =>
      team === who.team &&
      (channels === undefined || channels.includes(who.channel)) &&
      (users === undefined || users.includes(who.user)),
  );
  const targets = [...new Set(fitting.flatMap((entry) => entry.targets))];
  const hosts = new Set(targets.flatMap((target) => knownNames(target, inventory)));
  return {
    targets,
    hosts,
    inventory: {
      hosts: new Map([...inventory.hosts].filter(([name]) => hosts.has(name))),
      groups: new Map(
        [...inventory.groups]
          .map(([group, names]) => [group, names.filter((name) => hosts.has(name))] as const)
          .filter(([, names]) => names.length > 0),
      ),
    },
  };
}
