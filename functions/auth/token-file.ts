/**
 * The token file: the first token of a service, so that whoever may read the state folder can use the API at once. It is made once, is an
 * admin's, and never printed.
 */
import { constants, type Stats } from 'node:fs';
import { link, open, unlink } from 'node:fs/promises';
import path from 'node:path';
import { isForeign } from '../../runner/fleet/file-trust.ts';
import { isPrivateGroup } from '../../runner/fleet/private-group.ts';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { isToken, newToken } from './token.ts';

/** One sentence, and what to do. Tell it from a token with `instanceof`. */
export class TokenFileProblem {
  readonly message: string;
  readonly mend: string;

  constructor(message: string, mend: string) {
    this.message = message;
    this.mend = mend;
  }
}

/**
 * Reads the token, and makes the file (mode 0600) where it is not there yet. Of several processes at the same time all get the token that
 * one of them made.
 *
 * @param file absolute; its folder is there
 */
export async function openTokenFile(file: string): Promise<{ readonly token: string } | TokenFileProblem> {
  if (!path.isAbsolute(file)) throw new TypeError(`not an absolute path: ${file}`);
  try {
    const known = await readToken(file);
    if (known !== undefined) return known;
    await make(file);
    return (await readToken(file)) ?? new TokenFileProblem(`the token file ${file} was removed as it was made`, RETRY);
  } catch (error) {
    return problemOf(error, file);
  }
}

const RETRY = 'start again';
/** A token, a line break, and room for what an editor adds. */
const MOST_BYTES = 256;

/** undefined where there is no such file. */
async function readToken(file: string): Promise<{ readonly token: string } | TokenFileProblem | undefined> {
  let handle: Awaited<ReturnType<typeof open>>;
  try {
    // A pipe would be waited for.
    handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
  try {
    const problem = trustProblem(file, await handle.stat());
    if (problem !== undefined) return problem;
    const buffer = Buffer.alloc(MOST_BYTES + 1);
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
    const token = buffer.toString('latin1', 0, bytesRead).trim();
    if (bytesRead <= MOST_BYTES && isToken(token)) return { token };
    return new TokenFileProblem(
      `the token file ${file} holds no token of whodisk`,
      `move it away, and a new one is made: mv ${shellWord(file)} ${shellWord(`${file}.old`)}`,
    );
  } finally {
    await handle.close();
  }
}

function trustProblem(file: string, found: Stats): TokenFileProblem | undefined {
  if (!found.isFile()) return new TokenFileProblem(`the token file ${file} is not a file`, OTHER);
  if (isForeign(found)) {
    return new TokenFileProblem(`the token file ${file} belongs to user ${found.uid}, who knows the token`, OTHER);
  }
  // A credential of systemd may be readable by root's group, which is how its access list shows in the mode.
  const open = (found.mode & 0o007) !== 0 || ((found.mode & 0o070) !== 0 && !isPrivateGroup(found.gid));
  if (!open) return undefined;
  return new TokenFileProblem(
    `the token file ${file} is open to others (mode ${(found.mode & 0o7777).toString(8)}), so the token may be known to them`,
    `remove it, and a new one is made: rm ${shellWord(file)}`,
  );
}

const OTHER = 'name another with --token-file FILE';

/** The name appears with the whole token in it or not at all: link(2) never replaces a file. */
async function make(file: string): Promise<void> {
  const token = newToken();
  const draft = `${file}.${process.pid}.${token.slice(-12)}`;
  const handle = await open(draft, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL, 0o600);
  try {
    await handle.writeFile(`${token}\n`);
    await handle.sync();
    await link(draft, file);
  } catch (error) {
    // Another process was faster: its token counts.
    if (codeOf(error) !== 'EEXIST') throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

function problemOf(error: unknown, file: string): TokenFileProblem {
  const why = error instanceof Error ? error.message : String(error);
  switch (codeOf(error)) {
    case 'ENOENT':
      return new TokenFileProblem(`there is no folder ${path.dirname(file)} for the token file`, OTHER);
    case 'EACCES':
      return new TokenFileProblem(`the token file ${file} cannot be read or made: access is denied`, OTHER);
    default:
      return new TokenFileProblem(`the token file ${file} cannot be read or made: ${why}`, OTHER);
  }
}
