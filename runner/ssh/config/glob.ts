/** The files that an Include of ssh_config(5) names: glob(7) as glob(3) does it, by the calls of node:fs that Node 20 has. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { matchesTokens } from './patterns.ts';

/** A directory of more names than this is no directory of configuration files. */
const MOST_NAMES = 10_000;

/**
 * The existing paths that an absolute `pattern` means, in the order of their bytes; one without wildcards means itself.
 *
 * Never rejects: what cannot be listed holds nothing, as for glob(3).
 */
export async function expandGlob(pattern: string): Promise<string[]> {
  let found = ['/'];
  for (const segment of pattern.split('/').filter((part) => part !== '')) {
    const steps = await Promise.all(found.map((folder) => matchSegment(folder, segment)));
    found = steps.flat().slice(0, MOST_NAMES);
  }
  return found.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

async function matchSegment(folder: string, segment: string): Promise<string[]> {
  if (!/[*?[]/.test(segment)) {
    const path = join(folder, segment.replace(/\\(.)/g, '$1'));
    return lstat(path).then(
      () => [path],
      () => [],
    );
  }
  const names = await readdir(folder).catch(() => []);
  const tokens = readSegment(segment);
  // A dot that begins a name is only matched by a dot that stands in the pattern.
  const visible = segment.startsWith('.') ? names : names.filter((name) => !name.startsWith('.'));
  return visible.filter((name) => matchesTokens(name, tokens, fits)).map((name) => join(folder, name));
}

/** '*', or what one character may be. */
type Token = '*' | ((char: string) => boolean);

const fits = (token: Token, char: string): boolean => token !== '*' && token(char);

function readSegment(segment: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < segment.length; at++) {
    const char = segment[at] ?? '';
    const close = char === '[' ? segment.indexOf(']', at + (/^\[[!^]/.test(segment.slice(at, at + 2)) ? 3 : 2)) : -1;
    if (char === '*') tokens.push('*');
    else if (char === '?') tokens.push(() => true);
    else if (close > 0) {
      tokens.push(bracket(segment.slice(at + 1, close)));
      at = close;
    } else {
      const literal = char === '\\' ? (segment[++at] ?? '\\') : char;
      tokens.push((other) => other === literal);
    }
  }
  return tokens;
}

/** `body` is what stands between the brackets: "!", then single characters and ranges. */
function bracket(body: string): Token {
  const negated = /^[!^]/.test(body);
  const ranges = [...body.slice(negated ? 1 : 0).matchAll(/(.)-(.)|(.)/gs)].map(
    ([, from, to, single]) => [from ?? single ?? '', to ?? single ?? ''] as const,
  );
  return (char) => ranges.some(([from, to]) => char >= from && char <= to) !== negated;
}
