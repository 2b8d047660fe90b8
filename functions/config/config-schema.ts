/** What may stand in whodisk.yml. This schema is the one source: of the types, of the errors, and of the JSON Schema for editors. */
import * as z from 'zod';
import { hostOf } from '../../runner/fleet/host-text.ts';
import { ec2Schema } from './ec2-schema.ts';
import { MOST_KEYS, reaching } from './reaching-schema.ts';
import { RETENTION_DAYS } from './retention-days.ts';
import { serviceSections } from './service-schema.ts';
import { file, isPlain, text, WINDOW_SECONDS, whole } from './setting-schemas.ts';

const LONGEST_DEADLINE_SECONDS = 3600;
const MOST_FORKS = 100_000;
const LONGEST_RETENTION_DAYS = 3650;

/** As in authorized_keys(5) without options: the type, the key in base64, perhaps a comment. */
const PIN =
  /^(?:ssh-(?:ed25519|rsa)|ecdsa-sha2-nistp(?:256|384|521)|sk-[a-z0-9@.-]+) AAAA[A-Za-z0-9+/]+={0,2}(?: .*)?$/u;

const hostSchema = z
  .strictObject({
    address: text('give a host name or an IP address.', (value) => hostOf(value) !== undefined)
      .optional()
      .describe('What is dialled instead of the name.'),
    ...reaching,
    hostKeys: z
      .array(
        text("give a public key as ssh-keyscan prints it, without the name: 'ssh-ed25519 AAAA…'.", (value) =>
          PIN.test(value),
        ),
      )
      .min(1, { error: 'give a public key, or leave hostKeys out.' })
      .max(MOST_KEYS, { error: `give ${MOST_KEYS} at most.` })
      .optional()
      .describe('Public keys of the host: no other is taken.'),
  })
  .describe('How the host, or each host of the folded set, is reached.');

const member = text('give the name of a host, a folded set such as db-[1-20], or @group.', isPlain);
const groupSchema = z.strictObject({
  hosts: z.array(member).optional().describe('Names, folded sets such as db-[01-20,30], and @groups.'),
  groups: z
    .array(text('give the name of a group.', isPlain))
    .optional()
    .describe('Groups that are nested in this one.'),
  inventories: z.array(file).optional().describe('Inventory files whose hosts all belong to the group.'),
  ...reaching,
});

/** The whole file; what it leaves out has no value, but for `retentionDays`. */
export const configSchema = z
  .strictObject({
    enabled: z.boolean({ error: 'give true or false.' }).optional().describe('false stops every sweep at once.'),
    ...reaching,
    hostKeyPolicy: z
      .enum(['strict', 'accept-new'])
      .optional()
      .describe(
        'accept-new pins the first key seen of an unknown host; a changed key is always refused. Default strict.',
      ),
    windowSeconds: WINDOW_SECONDS.optional().describe('How long a host is sampled. Default 5.'),
    deadlineSeconds: whole(2, LONGEST_DEADLINE_SECONDS)
      .optional()
      .describe('Hard limit for one host, from its dial to its result. Default: the window and 10 more.'),
    forks: whole(1, MOST_FORKS).optional().describe('Hosts visited at a time. Default 256.'),
    store: text(
      'give a path, none, or dynamodb:TABLE with a table name of 3 to 255 letters, digits, "_", "-" and ".".',
      (value) => isPlain(value) && (!value.startsWith('dynamodb:') || /^dynamodb:[A-Za-z0-9_.-]{3,255}$/u.test(value)),
    )
      .optional()
      .describe(
        'Where findings are kept: a path, none, or dynamodb:TABLE. Default: the embedded store in the state directory.',
      ),
    retentionDays: whole(1, LONGEST_RETENTION_DAYS)
      .default(RETENTION_DAYS)
      .describe(`How long findings are kept. Default ${RETENTION_DAYS}.`),
    inventories: z
      .array(
        text(
          'give the path of a file; standard input is for -i on the command line.',
          (value) => isPlain(value) && value !== '-',
        ),
      )
      .optional()
      .describe('Files that describe hosts: plain lists, Ansible INI or YAML, the JSON of ansible-inventory --list.'),
    ec2: ec2Schema.optional().describe('Instances of EC2 that are hosts, by their tags.'),
    hosts: z
      .record(z.string(), hostSchema.nullable())
      .optional()
      .describe('By name, or by a folded set of names such as db-[01-20].'),
    groups: z
      .record(z.string(), z.union([z.array(member), groupSchema]))
      .optional()
      .describe('By name, which is written @name elsewhere: a list of members, or members and settings.'),
    ...serviceSections,
  })
  .describe('whodisk.yml: which hosts there are and how they are swept.');

export type ConfigValue = z.output<typeof configSchema>;
export type HostValue = z.output<typeof hostSchema>;
export type GroupValue = z.output<typeof groupSchema>;
export type ReachingValue = Pick<ConfigValue, keyof typeof reaching>;

/** The JSON Schema (draft 2020-12) of whodisk.yml, for editors. */
export function configJsonSchema(): object {
  return z.toJSONSchema(configSchema, { io: 'input' });
}
