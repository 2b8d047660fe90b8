/** What is never repeated in a message: private keys, and what stands behind a "=". People paste such things in the wrong place. */

/** 'openssh-key-v1' in base64, the beginning of every private key of ssh-keygen (OpenSSH, PROTOCOL.key). */
const OPENSSH_KEY = 'b3BlbnNzaC1rZXkt';
/** The first and the last line of a key, wherever they stand (RFC 7468; RFC 4716; PuTTY's .ppk). */
const KEY_MARK = /-{4,5} ?(?:BEGIN|END) [A-Z0-9 ]{0,40}PRIVATE KEY|PuTTY-User-Key-File-/u;
/** A part of a host name has 63 characters at most (RFC 1035 section 2.3.4), a line of a key has 64 (RFC 7468) or 70 (ssh-keygen). */
const LONGEST_LABEL = 63;
const BASE64_RUN = new RegExp(`[A-Za-z0-9+/]{${LONGEST_LABEL + 1},}`, 'gu');
const BASE64_LINE = /^[ \t]*[A-Za-z0-9+/]{60,}={0,2}[ \t]*$/gmu;
/** So many lines of base64 are no names of hosts. */
const LINES_OF_A_KEY = 3;

/** Whether a text holds a private key that says so itself. */
export function isMarkedKey(text: string): boolean {
  return KEY_MARK.test(text) || text.includes(OPENSSH_KEY);
}

/** Whether a text that should be names of hosts holds a private key, or a piece of one without its first and last line. */
export function holdsKey(text: string): boolean {
  if (isMarkedKey(text)) return true;
  if ((text.match(BASE64_LINE) ?? []).filter(isMixed).length >= LINES_OF_A_KEY) return true;
  return (text.match(BASE64_RUN) ?? []).some(isMixed);
}

/** Random bytes in base64 have capitals, small letters and digits; a row of one letter has not. */
function isMixed(text: string): boolean {
  return /[A-Z]/u.test(text) && /[a-z]/u.test(text) && /[0-9]/u.test(text);
}

/** A word that should be a host, in quotes: of a setting such as 'password=…' only its name, and nothing of a key. */
export function shownHost(word: string): string {
  if (holdsKey(word)) return '"…"';
  const equals = word.indexOf('=');
  return JSON.stringify(equals < 0 ? word : `${word.slice(0, equals + 1)}…`);
}

/** A message that may hold parts of a word that should be a host, or another one where these may be a secret. */
export function withoutSecret(word: string, message: string): string {
  if (!word.includes('=') && !holdsKey(word)) return message;
  return `${shownHost(word)} is no host, and may be a secret: give [user@]host[:port] there.`;
}
