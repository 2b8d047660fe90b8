/**
 * Secrets in command lines, taken out once more on arrival: the bundle has done the same on the host, but what a host sends is
 * not trusted to have been through it. Rather one word too many than one too few.
 */

const HIDDEN = '[redacted]';
const SECRET_NAME = String.raw`[\w.-]*(?:passw|passphrase|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth|bearer|cookie)[\w.-]*`;
/** `--password x`, `-token x`: the next word is the secret. */
const FLAG_THEN_VALUE = new RegExp(String.raw`(^|\s)(--?${SECRET_NAME})\s+(?!-)(\S+)`, 'gi');
/** `--password=x`, `PGPASSWORD=x`, `"token":"x"`, `Authorization: Bearer x` */
const NAME_AND_VALUE = new RegExp(
  String.raw`(${SECRET_NAME}["']?\s*[=:]\s*)(?:(?:bearer|basic|token)\s+)?("[^"]*"|'[^']*'|[^\s&;,]+)`,
  'gi',
);
/** `https://user:x@host` */
const URL_PASSWORD = /([a-z][a-z0-9+.-]*:\/\/)[^\s/@]*@/gi;
/** mysql's `-px` */
const SHORT_PASSWORD = /(\b(?:mysql|mariadb)\S*\b.*?\s-p)\S+/gi;
/** Long random-looking words: keys and tokens that nobody announced. Paths hold slashes early and often. */
const RANDOM_WORD = /(?<![\w/.-])(?=[\w+/=-]*\d)(?=[\w+/=-]*[A-Za-z])[\w+=-]{32,}(?![\w/.])/g;

export function redacted(commandLine: string): string {
  return commandLine
    .replace(URL_PASSWORD, `$1${HIDDEN}@`)
    .replace(FLAG_THEN_VALUE, `$1$2 ${HIDDEN}`)
    .replace(NAME_AND_VALUE, `$1${HIDDEN}`)
    .replace(SHORT_PASSWORD, `$1${HIDDEN}`)
    .replace(RANDOM_WORD, HIDDEN);
}
