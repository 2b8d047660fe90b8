/** What whoever started whodisk has to type to start it again, in the commands that it suggests. */

/**
 * "whodisk"; "npx whodisk" where npx started it, since it is in no PATH then; with "sudo" where sudo did, since what root has stored is for
 * root alone to read.
 *
 * @param env npx, as `npm exec`, calls its script so (https://docs.npmjs.com/cli/using-npm/scripts); what npx started may have started
 * whodisk, too. sudo(8) sets SUDO_UID
 */
export function programName(env: Readonly<Record<string, string | undefined>>, uid: number | undefined): string {
  const isBySudo = uid === 0 && /^[1-9]\d*$/u.test(env['SUDO_UID'] ?? '');
  const isByNpx = env['npm_lifecycle_event'] === 'npx' && /^['"]?whodisk\b/u.test(env['npm_lifecycle_script'] ?? '');
  return `${isBySudo ? 'sudo ' : ''}${isByNpx ? 'npx ' : ''}whodisk`;
}
