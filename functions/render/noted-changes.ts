/** What changed from sweep to sweep while somebody watches: a line for each change, newest last. */
import type { Change, Diff } from '../../runner/triage/diff.ts';
import { encodeText } from './encode.ts';
import { cutEnd, pad, widthOf } from './fit.ts';
import { foldNames } from './fold-names.ts';
import { groupBy } from './group-by.ts';
import { type Paint, paintChange } from './paint.ts';
import { textLines } from './reason-lines.ts';

/** The differences that a sweep made. */
export interface Noted {
  /** When the sweep ended, in milliseconds since 1970. */
  readonly atMs: number;
  readonly diff: Diff;
}

const SECTIONS = ['new', 'worse', 'better', 'gone', 'notCompared'] as const;
type Section = (typeof SECTIONS)[number];
const WORDS = {
  new: 'NEW',
  worse: 'WORSE',
  better: 'better',
  gone: 'gone',
  notCompared: 'unknown',
} as const satisfies Record<Section, string>;
const WORD_WIDTH = 7;
const LEAD_WIDTH = '15:23:06  '.length + WORD_WIDTH + 2;
const LEAST_NAMES = 16;

/** How many changes there were; hosts with the same one at the same time are one. */
export const countChanges = (noted: readonly Noted[]): number => noted.flatMap(groupsOf).length;

/**
 * The newest of them, a line each: "15:23:06  NEW      db-[1-3]: saturated by logtest.py; was healthy". Times are UTC.
 *
 * @param most how many
 */
export function changeLines(noted: readonly Noted[], most: number, width: number, paint: Paint): string[] {
  return newestOf(noted, most).map((group) => {
    const { lead, names, change, room } = partsOf(group, width, paint);
    // Of a long list of names the beginning is enough; what happened to them is not to be pushed off the line.
    const shown = cutEnd(names, Math.max(LEAST_NAMES, room - widthOf(change) - 2));
    return lead + cutEnd(`${shown}: ${change}`, room);
  });
}

/** The same, each in as many lines as it takes. */
export function wholeChangeLines(noted: readonly Noted[], most: number, width: number, paint: Paint): string[] {
  return newestOf(noted, most).flatMap((group) => {
    const { lead, names, change, room } = partsOf(group, width, paint);
    const [first = '', ...others] = textLines(`${names}: ${change}`, 0, room);
    return [lead + first, ...others.map((line) => ' '.repeat(LEAD_WIDTH) + line)];
  });
}

function partsOf({ atMs, section, group }: Group, width: number, paint: Paint) {
  const time = new Date(atMs).toISOString().slice(11, 19);
  const names = foldNames(group.map(({ host }) => host));
  return {
    lead: `${paint.dim(time)}  ${paintChange(paint, section, pad(WORDS[section], WORD_WIDTH))}  `,
    names: names.map(encodeText).join(', '),
    change: encodeText(group[0].change),
    room: width - LEAD_WIDTH,
  };
}

const newestOf = (noted: readonly Noted[], most: number): Group[] => {
  const groups = noted.flatMap(groupsOf);
  return groups.slice(Math.max(0, groups.length - most));
};

interface Group {
  readonly atMs: number;
  readonly section: Section;
  readonly group: readonly [Change, ...Change[]];
}

function groupsOf({ atMs, diff }: Noted): Group[] {
  return SECTIONS.flatMap((section) =>
    groupBy(diff[section], ({ change }) => change).flatMap(([first, ...others]) =>
      first === undefined ? [] : [{ atMs, section, group: [first, ...others] as const }],
    ),
  );
}
