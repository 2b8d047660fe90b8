/** One argument of a command line that a message tells the reader to run. */

/** Quoted for a POSIX shell where it needs to be: the command is going to be pasted. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
