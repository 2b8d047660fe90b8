/** The Host and Match lines of ssh_config(5): reading them, and whether they mean a host. Pure; match_cfg_line of readconf.c. */

import { shown } from '../shown.ts';
import { type HostPatterns, hostPatterns, matchesHost, matchesPatternList } from './patterns.ts';
import { nextDelimited } from './syntax.ts';

export type Criterion =
  | { readonly kind: 'all' | 'final'; readonly negated: boolean }
  | {
      readonly kind: 'host' | 'originalhost' | 'user' | 'localuser' | 'tagged';
      readonly negated: boolean;
      readonly patterns: string;
    }
  /** exec, which is never run, and criteria that only a session of ssh itself could answer. `name` as written. */
  | { readonly kind: 'unknowable'; readonly name: string };

export type Condition =
  /** The lines above the first Host or Match: as active as the file is. */
  | { readonly kind: 'whole-file' }
  | { readonly kind: 'host'; readonly patterns: HostPatterns }
  | { readonly kind: 'match'; readonly criteria: readonly Criterion[]; readonly asksForFinalPass: boolean };

/** 'unknown' where it depends on something that is not found out, such as a command that would have to be run. */
export type Activity = 'yes' | 'no' | 'unknown';

/** What a Match is asked about. */
export interface MatchSubject {
  /** The name as it was given, and another one that the host is known by. */
  readonly originalNames: readonly string[];
  /** What is dialled as far as it is settled, in lower case. */
  readonly hostName: string;
  readonly user: string;
  readonly localUser: string;
  readonly tag: string;
  readonly isFinalPass: boolean;
}

/** @param words the arguments of a Host line */
export function hostCondition(words: readonly string[]): Condition | { readonly problem: string } {
  if (words.length === 0) return { problem: 'Host names no pattern' };
  if (words.includes('')) return { problem: 'Host has an empty pattern' };
  return { kind: 'host', patterns: hostPatterns(words) };
}

/**
 * @param rest everything behind "Match"
 *
 * A criterion of a name that we do not know makes the rest of its line unknowable: a newer ssh may know it.
 */
export function matchCondition(rest: string): Condition | { readonly problem: string } {
  const criteria: Criterion[] = [];
  let asksForFinalPass = false;
  let next = 0;
  while (true) {
    const at = nextDelimited(rest, next);
    if (at === undefined || at.word === '' || at.word.startsWith('#')) return ended(criteria, asksForFinalPass);
    next = at.next;
    const negated = at.word.startsWith('!');
    const name = (negated ? at.word.slice(1) : at.word).toLowerCase();
    if (name === 'all') {
      const behind = nextDelimited(rest, at.next);
      if (criteria.length > 1 || (behind !== undefined && behind.word !== '' && !behind.word.startsWith('#'))) {
        return { problem: 'Match all stands alone, or behind "canonical" or "final"' };
      }
      return ended([...criteria, { kind: 'all', negated }], asksForFinalPass);
    }
    if (name === 'canonical' || name === 'final') {
      asksForFinalPass ||= name === 'final';
      criteria.push({ kind: 'final', negated });
      continue;
    }
    const argument = nextDelimited(rest, at.next);
    if (argument === undefined || (argument.word === '' && name !== 'tagged') || argument.word.startsWith('#')) {
      return { problem: `nothing stands behind the criterion ${shown(at.word)}` };
    }
    if (name === 'host' || name === 'originalhost' || name === 'user' || name === 'localuser' || name === 'tagged') {
      const isHost = name === 'host' || name === 'originalhost';
      criteria.push({ kind: name, negated, patterns: isHost ? argument.word.toLowerCase() : argument.word });
    } else {
      criteria.push({ kind: 'unknowable', name: at.word });
      if (!TAKES_ONE_ARGUMENT.has(name)) return ended(criteria, asksForFinalPass);
    }
    next = argument.next;
  }
}

const TAKES_ONE_ARGUMENT: ReadonlySet<string> = new Set(['exec', 'localnetwork', 'version', 'sessiontype', 'command']);

function ended(criteria: readonly Criterion[], asksForFinalPass: boolean): Condition | { readonly problem: string } {
  return criteria.length === 0
    ? { problem: 'Match names no criterion' }
    : { kind: 'match', criteria, asksForFinalPass };
}

/**
 * Whether the lines under `condition` apply. One criterion that does not hold decides, whatever the unknowable ones would say.
 *
 * @param names what Host patterns are compared with
 * @param subjectOf called for a Match only: there are hundreds of Host lines for each
 */
export function activityOf(condition: Condition, names: readonly string[], subjectOf: () => MatchSubject): Activity {
  switch (condition.kind) {
    case 'whole-file':
      return 'yes';
    case 'host':
      return matchesHost(names, condition.patterns) ? 'yes' : 'no';
    case 'match': {
      const subject = subjectOf();
      const { criteria } = condition;
      if (criteria.some((criterion) => criterion.kind !== 'unknowable' && !holds(criterion, subject))) return 'no';
      return criteria.some(({ kind }) => kind === 'unknowable') ? 'unknown' : 'yes';
    }
    default:
      return condition satisfies never;
  }
}

function holds(criterion: Exclude<Criterion, { kind: 'unknowable' }>, subject: MatchSubject): boolean {
  return answerOf(criterion, subject) !== criterion.negated;
}

function answerOf(criterion: Exclude<Criterion, { kind: 'unknowable' }>, subject: MatchSubject): boolean {
  switch (criterion.kind) {
    case 'all':
      return true;
    case 'final':
      return subject.isFinalPass;
    case 'host':
      return matchesPatternList(subject.hostName, criterion.patterns);
    case 'originalhost':
      return subject.originalNames.some((name) => matchesPatternList(name.toLowerCase(), criterion.patterns));
    case 'user':
      return matchesPatternList(subject.user, criterion.patterns);
    case 'localuser':
      return matchesPatternList(subject.localUser, criterion.patterns);
    case 'tagged':
      return subject.tag === '' ? criterion.patterns === '' : matchesPatternList(subject.tag, criterion.patterns);
    default:
      return criterion satisfies never;
  }
}
