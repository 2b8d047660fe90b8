/** What the benchmark of accuracy prints. Pure. */
import type { Judgement } from '../real/traps/judge.ts';

export interface Round {
  readonly name: string;
  readonly premiseProblems: readonly string[];
  readonly whodisk: Judgement;
  /** Absent where the peers are not installed on the host. */
  readonly pidstat?: Judgement;
  readonly iotop?: Judgement;
  readonly called: readonly { readonly confidence: string; readonly isRight: boolean }[];
}

const RULES = ['whodisk', 'pidstat', 'iotop'] as const;
const HEADINGS = ['whodisk', 'top of pidstat -d', 'top of iotop'] as const;
const NAME_WIDTH = 34;
const RULE_WIDTH = 19;

const outcomeOf = ({ premiseProblems }: Round, judgement: Judgement | undefined): string =>
  judgement === undefined ? 'not there' : premiseProblems.length > 0 ? 'premise failed' : judgement.outcome;

export function lineOf(round: Round): string {
  const cells = RULES.map((rule) => outcomeOf(round, round[rule]).padEnd(RULE_WIDTH));
  return `${round.name.padEnd(NAME_WIDTH)}${cells.join('')}`.trimEnd();
}

export const HEADING =
  `${'case'.padEnd(NAME_WIDTH)}${HEADINGS.map((name) => name.padEnd(RULE_WIDTH)).join('')}`.trimEnd();

/** A case whose premise failed is right for nobody. */
export function totalsOf(rounds: readonly Round[]): string[] {
  const count = (rule: (typeof RULES)[number], outcome: string): number =>
    rounds.filter((round) => outcomeOf(round, round[rule]) === outcome).length;
  const askedOf = (rule: (typeof RULES)[number]): number => rounds.filter((round) => round[rule]).length;
  const line = (label: string, outcome: string): string =>
    `${label.padEnd(NAME_WIDTH)}${RULES.map((rule) => `${count(rule, outcome)} of ${askedOf(rule)}`.padEnd(RULE_WIDTH)).join('')}`.trimEnd();
  return [line('right', 'right'), line('a wrong name', 'wrong name')];
}

/** Of the culprits that whodisk called so sure, how many were right. */
export function calibrationOf(rounds: readonly Round[]): string[] {
  const called = rounds.filter(({ premiseProblems }) => premiseProblems.length === 0).flatMap((round) => round.called);
  return ['high', 'medium', 'low'].map((level) => {
    const those = called.filter(({ confidence }) => confidence === level);
    return `called ${level}: ${those.filter(({ isRight }) => isRight).length} of ${those.length} right`;
  });
}

/** A wrong name, or a premise that failed, is no success of any kind. */
export function hasFailed(rounds: readonly Round[]): boolean {
  return rounds.some(({ whodisk, premiseProblems }) => premiseProblems.length > 0 || whodisk.outcome === 'wrong name');
}
