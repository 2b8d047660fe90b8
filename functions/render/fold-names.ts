/**
 * Many host names as few words, in the syntax of ClusterShell's NodeSet, so that what is printed can be given back as a target:
 * db-01, db-02, db-03, db-07, web → db-[01-03,07], web. Numbers keep their leading zeros, and both ends of a padded range are equally
 * long, since NodeSet refuses [08-101]. Of a name the last number of its first label is folded, of an IPv4 address its last number:
 * root@10.0.3.[2-40]:2222. Ports and IPv6 addresses stay as they are.
 */
export interface FoldedNames {
  /** One target: a name, or a folded set. Not encoded. */
  readonly text: string;
  /** How many of the names it stands for. */
  readonly count: number;
}

/**
 * Each set stands where its first name stood. Less than three names are no set. A name that comes twice counts once in a set. A set of
 * many gaps is several words, so that it can be cut to a line.
 */
export function foldNames(names: readonly string[]): string[] {
  return foldedNames(names).map(({ text }) => text);
}

/** As `foldNames`, with the number of names in each. */
export function foldedNames(names: readonly string[]): FoldedNames[] {
  const sets = setsOf(names);
  const spelled = new Set<NumberedNames>();
  return names.flatMap((name): FoldedNames[] => {
    const set = sets.get(name);
    if (set === undefined || set.digits.size < LEAST) return [{ text: name, count: 1 }];
    if (spelled.has(set)) return [];
    spelled.add(set);
    return words(set);
  });
}

const LEAST = 3;

/** Names that differ in one number only. */
interface NumberedNames {
  readonly before: string;
  readonly after: string;
  readonly digits: Set<string>;
}

function setsOf(names: readonly string[]): Map<string, NumberedNames> {
  const numbered = names.map(numberedName).filter((name) => name !== undefined);
  const form = (name: Numbered, width: number): string => JSON.stringify([name.before, name.after, width]);
  const padded = new Set(
    numbered.filter(({ digits }) => isPadded(digits)).map((name) => form(name, name.digits.length)),
  );
  const byForm = new Map<string, NumberedNames>();
  const byName = new Map<string, NumberedNames>();
  for (const name of numbered) {
    const { before, after, digits } = name;
    // 10 goes with 09 where there is one, else with 9 and 11.
    const own = form(name, digits.length);
    const key = padded.has(own) ? own : form(name, 0);
    const set = byForm.get(key) ?? { before, after, digits: new Set<string>() };
    set.digits.add(digits);
    byForm.set(key, set);
    byName.set(name.name, set);
  }
  return byName;
}

interface Numbered {
  readonly name: string;
  readonly before: string;
  readonly digits: string;
  readonly after: string;
}

/** A name has a letter in front of its first number; what has a bracket or a comma cannot stand in a set. */
const NUMBERED = /^((?:[^@:,[\]\s]*@)?[a-z_-][^.@:,[\]\s]*?)([0-9]{1,9})((?:\.[^@:,[\]\s]*)?(?::[0-9]+)?)$/iu;
const IPV4 = /^((?:[^@:,[\]\s]*@)?(?:[0-9]{1,3}\.){3})([0-9]{1,3})((?::[0-9]+)?)$/u;

function numberedName(name: string): Numbered | undefined {
  const match = IPV4.exec(name) ?? NUMBERED.exec(name);
  if (!match) return undefined;
  const [, before = '', digits = '', after = ''] = match;
  return { name, before, digits, after };
}

const isPadded = (digits: string): boolean => digits.length > 1 && digits.startsWith('0');

/** Ranges in one word. */
const MOST_RANGES = 8;

function words({ before, after, digits }: NumberedNames): FoldedNames[] {
  const ranges: string[][] = [];
  for (const next of [...digits].sort((a, b) => Number(a) - Number(b))) {
    const range = ranges.at(-1);
    if (range && Number(next) === Number(range.at(-1)) + 1) range.push(next);
    else ranges.push([next]);
  }
  return Array.from({ length: Math.ceil(ranges.length / MOST_RANGES) }, (_, index) => {
    const part = ranges.slice(index * MOST_RANGES, (index + 1) * MOST_RANGES);
    const count = part.reduce((sum, { length }) => sum + length, 0);
    const inside = part.map((range) => (range.length > 1 ? `${range[0]}-${range.at(-1)}` : range[0])).join(',');
    return { text: before + (count > 1 ? `[${inside}]` : inside) + after, count };
  });
}
