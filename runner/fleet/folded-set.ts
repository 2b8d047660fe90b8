/**
 * Folded sets of host names as ClusterShell's NodeSet writes them (nodeset(1), "NODESET"): 'db-[01-20,30]', 'rack[1-2]-n[1-3].example.com',
 * 'a[0-10/2]', 'web,db[1-3]'. Leading zeros are kept. Of its operators only the comma is taken: '!', '&', '^' and wildcards are not.
 * Unlike there, names come in the order in which they are written.
 */
import { isIPv6 } from 'node:net';
import { MOST_HOSTS } from './inventory.ts';
import { type Bounds, boundsOf, countOf, type ReadBounds, spelled } from './range-bounds.ts';

export type FoldedSet =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  /** `column` counts from 1. */
  | { readonly kind: 'malformed'; readonly column: number; readonly message: string };

export interface FoldedSetOptions {
  /** More names than this are refused before any is spelled out; what is left of MOST_HOSTS for a text that is part of more. */
  readonly most?: number;
  /** How the text between brackets is read; absent: as ClusterShell does. */
  readonly readBounds?: ReadBounds;
}

type Piece = string | readonly Bounds[];
interface Item {
  readonly column: number;
  readonly pieces: readonly Piece[];
}

class Malformed {
  readonly column: number;
  readonly message: string;
  constructor(index: number, message: string) {
    this.column = index + 1;
    this.message = message;
  }
}

/** Whether the text would be more than the one name that it is itself; an IPv6 literal in brackets is none. */
export function isFolded(text: string): boolean {
  const items = itemsOf(text, boundsOf);
  return (
    items instanceof Malformed ||
    items.length !== 1 ||
    items[0]?.pieces.some((piece) => typeof piece !== 'string') === true
  );
}

/** Every name of the set once. The names are not judged: whether one can be a host is for the caller to say. */
export function expandFoldedSet(text: string, options: FoldedSetOptions = {}): FoldedSet {
  const most = options.most ?? MOST_HOSTS;
  const malformed = ({ column, message }: Malformed): FoldedSet => ({ kind: 'malformed', column, message });
  const items = itemsOf(text, options.readBounds ?? boundsOf);
  if (items instanceof Malformed) return malformed(items);

  let count = 0;
  for (const item of items) {
    count += sizeOf(item);
    if (count > most) {
      return malformed(
        new Malformed(item.column - 1, `with it there are more than ${MOST_HOSTS} hosts: write a smaller range.`),
      );
    }
  }
  const names = new Set<string>();
  for (const item of items) for (const name of namesOf(item)) names.add(name);
  return { kind: 'names', names: [...names] };
}

function sizeOf({ pieces }: Item): number {
  return pieces.reduce((size, piece) => (typeof piece === 'string' ? size : size * countOf(piece)), 1);
}

function namesOf({ pieces }: Item): string[] {
  let names = [''];
  for (const piece of pieces) {
    const endings = typeof piece === 'string' ? [piece] : spelled(piece);
    names = names.flatMap((name) => endings.map((ending) => name + ending));
  }
  return names;
}

function itemsOf(text: string, readBounds: ReadBounds): Item[] | Malformed {
  const items: Item[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && text[at]?.trim() === '') at += 1;
    const start = at;
    const pieces: Piece[] = [];
    for (;;) {
      const end = indexOfAny(text, at);
      if (text[end] === ']') return new Malformed(end, 'there is no "[" before this "]".');
      if (text[end] !== '[') {
        const last = text.slice(at, end).trimEnd();
        if (last !== '') pieces.push(last);
        at = end;
        break;
      }
      const close = text.indexOf(']', end);
      if (close < 0) return new Malformed(end, 'the "[" is never closed: write name[1-3].');
      const inside = text.slice(end + 1, close);
      if ((end === start || text[end - 1] === '@') && isIPv6(inside)) {
        pieces.push(text.slice(at, close + 1));
      } else {
        const bounds = readBounds(inside);
        if ('message' in bounds) return new Malformed(end + 1 + bounds.offset, bounds.message);
        const before = text.slice(at, end);
        if (/[0-9]$/u.test(before) && bounds.some(isUneven)) {
          // ClusterShell takes a1[9-10] for a[19-110], everybody else for a19 and a110.
          return new Malformed(
            end,
            `digits stand before a range of uneven lengths: write the whole numbers in brackets.`,
          );
        }
        if (before !== '') pieces.push(before);
        pieces.push(bounds);
      }
      at = close + 1;
    }
    if (pieces.length === 0) {
      return new Malformed(
        start,
        text.trim() === '' ? 'it is empty: give a host name.' : 'a name is missing beside the comma.',
      );
    }
    items.push({ column: start + 1, pieces });
    if (at >= text.length) return items;
    at += 1;
  }
}

function isUneven(bounds: Bounds): boolean {
  return bounds.kind === 'numbers' && String(bounds.first).length !== String(bounds.last).length && bounds.width === 0;
}

/** Where the next bracket or comma is, or the end. */
function indexOfAny(text: string, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== '[' && text[at] !== ']' && text[at] !== ',') at += 1;
  return at;
}
