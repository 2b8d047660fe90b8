/**
 * A plain list of hosts: `[user@]host[:port]` or a folded set with these around it, one or several on a line, separated by blanks.
 * '#' at the beginning of a line or after a blank starts a comment. A host is called as it is written, without its user; its port is a
 * part of the name, so that two services of one machine have two names, and ssh_config(5) is asked by the rest.
 */
import { isIPv6 } from 'node:net';
import { withoutSecret } from '../ssh/secret-text.ts';
import { shown } from '../ssh/shown.ts';
import { expandFoldedSet } from './folded-set.ts';
import { readHostText } from './host-text.ts';
import { type InventoryHost, type InventoryProblem, type InventoryRead, MOST_HOSTS } from './inventory.ts';
import { firstProblems, placeIn } from './problems.ts';
import { linesOf } from './text-lines.ts';

/** @param file the name for messages */
export function readPlainList(text: string, file: string): InventoryRead {
  const hosts = new Map<string, InventoryHost>();
  const problems: InventoryProblem[] = [];
  let left = MOST_HOSTS;
  for (const { line, number } of linesOf(text, file, problems)) {
    for (const word of wordsOf(line)) {
      const alone = word.includes('=') ? readHostText(word) : undefined;
      if (alone !== undefined && 'problem' in alone) {
        problems.push({ file, line: number, message: alone.problem });
        // Of 'password = hunter2' what comes behind is not looked at, so that nothing of it is repeated.
        break;
      }
      const set = expandFoldedSet(word, { most: left });
      const texts = set.kind === 'names' ? set.names : [];
      left -= texts.length;
      const wrong =
        set.kind === 'malformed'
          ? [withoutSecret(word, `${shown(word)}: ${set.message}`)]
          : texts.map((text) => addHost(text, placeIn(file, number), hosts));
      for (const message of wrong) {
        if (message !== undefined) problems.push({ file, line: number, message });
      }
    }
  }
  if (problems.length > 0) return { kind: 'problems', problems: firstProblems(problems) };
  return { kind: 'inventory', inventory: { hosts, groups: new Map() } };
}

/** What is wrong with it, or undefined. */
function addHost(text: string, where: string, hosts: Map<string, InventoryHost>): string | undefined {
  const read = readHostText(text);
  if ('problem' in read) return read.problem;
  const { user, port, host } = read;
  const name = nameOf(text, host, port);
  const known = hosts.get(name);
  if (known === undefined) {
    const settings = { ...(port !== undefined && { port }), ...(user !== undefined && { user }) };
    hosts.set(name, { name, settings, where });
    return undefined;
  }
  if (known.settings.user === user) return undefined;
  return `${shown(name)} is given with another user on ${known.where}: a host is visited once, so name it once.`;
}

/** Without the user; an IPv6 literal has brackets only where a port follows. */
function nameOf(text: string, host: string, port: number | undefined): string {
  if (!isIPv6(host)) return text.slice(text.lastIndexOf('@') + 1);
  return port === undefined ? host : `[${host}]:${port}`;
}

/** Blanks part words, but not within brackets: 'db[1-3, 5] web'. */
function wordsOf(line: string): string[] {
  const words: string[] = [];
  let word = '';
  let depth = 0;
  for (const character of line) {
    if (character === '#' && word === '') break;
    if (character === '[') depth += 1;
    if (character === ']') depth -= 1;
    if (depth <= 0 && /\s/u.test(character)) {
      if (word !== '') words.push(word);
      word = '';
    } else {
      word += character;
    }
  }
  if (word !== '') words.push(word);
  return words;
}
