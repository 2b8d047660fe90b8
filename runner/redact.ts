/**
 * Secrets in command lines, taken out once more on arrival: the bundle has done the same on the host, but what a host sends is
 * not trusted to have been through it. Rather one word too many than one too few.
 *
 * A hostile line must not cost more than its length: every expression can begin once in a word, and none scans to the end of the
 * line from more than one place.
 */

const HIDDEN = '[redacted]';
/** `pass` as the end of a word (`--pass`, `DB_PASS`), not in `--passive` or `passenger`. */
const SECRET =
  '(?:passw|pass(?![a-z])|passphrase|passcode|pwd|secret|token|api[-_]?key|access[-_]?key|private[-_]?key|credential|auth|bearer|cookie)';
const SECRET_NAME = String.raw`(?=[\w.-]*${SECRET})[\w.-]+`;
/** `--password x`, `-token x`: the next word is the secret. */
const FLAG_THEN_VALUE = new RegExp(String.raw`(?<!\S)(--?${SECRET_NAME})\s+(?!-)\S+`, 'gi');
/** `--password=x`, `PGPASSWORD=x`, `"token":"x"`, `Authorization: Bearer x` */
const NAME_AND_VALUE = new RegExp(
  String.raw`(?<![\w.-])(${SECRET_NAME}["']?\s*[=:]\s*)(?:(?:bearer|basic|token)\s+)?(?:(?:"[^"]*"|'[^']*')[^\s&;,]*|[^\s&;,]+)`,
  'gi',
);
/** Short options that are secret only behind one program's name. */
const OF_PROGRAM: readonly (readonly [program: RegExp, secret: RegExp])[] = [
  [/\b(?:mysql|mariadb)/i, /(?<!\S)(-p)\S+/g],
  [/\bsshpass\b/, /(?<!\S)(-p\s*)\S+/g],
  [/\bredis-cli\b/, /(?<!\S)(-a\s*)\S+/g],
  [/\bcurl\b/, /(?<!\S)((?:-[a-z]{0,8}u|--user|--proxy-user)(?:\s+|=)?[^\s:]*:)\S+/gi],
];
/** Long random-looking words: keys and tokens that nobody announced. Paths hold slashes early and often. */
const RANDOM_WORD = /(?<![\w/.-])(?=[\w+/=-]{0,64}\d)(?=[\w+/=-]{0,64}[A-Za-z])[\w+=-]{32,}(?![\w/.])/g;

/** The line without its secrets. Done twice it changes nothing more. */
export function redacted(commandLine: string): string {
  let line = commandLine;
  for (const [program, secret] of OF_PROGRAM) {
    const at = line.search(program);
    if (at >= 0) line = line.slice(0, at) + line.slice(at).replace(secret, `$1${HIDDEN}`);
  }
  return (
    line
      .replace(FLAG_THEN_VALUE, `$1 ${HIDDEN}`)
      .replace(NAME_AND_VALUE, `$1${HIDDEN}`)
      .replace(RANDOM_WORD, HIDDEN)
      // What looked like the next option may have been a key, of which a part is left.
      .replace(FLAG_THEN_VALUE, `$1 ${HIDDEN}`)
      .replace(/\S+/g, withoutUrlPassword)
  );
}

/** `https://user:x@host`; a password may hold `/`, `:` and `@` itself, so all up to the word's last `@` is taken for it. */
function withoutUrlPassword(word: string): string {
  const scheme = word.indexOf('://');
  const at = word.lastIndexOf('@');
  return scheme < 0 || at < scheme ? word : `${word.slice(0, scheme + 3)}${HIDDEN}${word.slice(at)}`;
}
