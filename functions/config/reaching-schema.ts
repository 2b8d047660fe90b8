/** How a host is reached, as it may stand at several places of whodisk.yml. */
import * as z from 'zod';
import { readHostText, userOf } from '../../runner/fleet/host-text.ts';
import { file, text, whole } from './setting-schemas.ts';

export const MOST_KEYS = 50;

const isHop = (hop: string): boolean => !('problem' in readHostText(hop.trim()));
const HOP_ERROR = 'give [user@]host[:port], several with commas between, or none.';
const hops = text(HOP_ERROR, (value) => value === 'none' || value.split(',').every(isHop));
const settings = {
  user: text('give a login name.', (value) => userOf(value) !== undefined).describe('The login name.'),
  port: whole(1, 65_535).describe('The port of sshd.'),
  jump: z
    .union([hops, z.array(text(HOP_ERROR, isHop))])
    .describe(
      'Hosts to pass through, [user@]host[:port], in this order; none or [] to dial directly, whatever ssh_config says.',
    ),
  identityFiles: z
    .array(file)
    .max(MOST_KEYS, { error: `give ${MOST_KEYS} at most.` })
    .describe('Private keys, offered in this order. A relative path is relative to the folder of this file.'),
  privilege: z
    .enum(['auto', 'root', 'user'])
    .describe('auto: root directly, else sudo -n, else as the user and said so. Default auto.'),
};

/** Keys of the whole file for every host, of a group, of a host, of what `ec2` lists. */
export const reaching = {
  user: settings.user.optional(),
  port: settings.port.optional(),
  jump: settings.jump.optional(),
  identityFiles: settings.identityFiles.optional(),
  privilege: settings.privilege.optional(),
};
