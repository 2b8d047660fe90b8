/**
 * Who named whom, and was it right? The same judge for whodisk and for the rules of its peers. Pure.
 *
 * An empty answer scores nothing where somebody was to be named. A wrong name is worse than anything else.
 */
import type { Culprit, Disk, Finding } from '../../../runner/triage/finding.ts';
import type { Blame, Expected, Truth } from './trap-case.ts';

export const OUTCOMES = ['right', 'wrong name', 'empty', 'in part', 'wrong verdict', 'wrong detail'] as const;
export type Outcome = (typeof OUTCOMES)[number];

export interface Judgement {
  readonly outcome: Outcome;
  /** What is wrong, a sentence each. */
  readonly problems: readonly string[];
}

/** Somebody who is called guilty: one process, or a group. */
export interface Named {
  readonly pid: number | null;
  readonly pids: readonly number[];
  readonly parent?: number;
  readonly command: string;
}

/** The worst of what was found wrong, in this order. */
const WORST_FIRST: readonly Outcome[] = ['wrong name', 'empty', 'in part', 'wrong verdict', 'wrong detail', 'right'];

type Problem = readonly [Exclude<Outcome, 'right'>, string];

function judgementOf(problems: readonly Problem[]): Judgement {
  const outcome = WORST_FIRST.find((candidate) => problems.some(([kind]) => kind === candidate)) ?? 'right';
  return { outcome, problems: problems.map(([kind, text]) => `${kind}: ${text}`) };
}

/** How well a name fits whom it is to fit; undefined: not at all. */
function fitOf(named: Named, blame: Blame, truth: Truth): 'whole' | 'part' | undefined {
  const role = truth.roles[blame.role];
  if (role === undefined) throw new Error(`nobody has the role ${blame.role}`);
  const known = [...new Set(named.pid === null ? named.pids : [named.pid, ...named.pids])];
  const isMember = (pid: number): boolean =>
    role.pids.includes(pid) || (isUnknown(pid, truth) && (role.commands?.includes(named.command) ?? false));
  // Members of a group come and go, and not all of them are seen: its parent tells whose they are.
  const isOfParent = role.parent !== undefined && named.parent === role.parent && !known.includes(role.parent);
  if (!isOfParent && (known.length === 0 || !known.every(isMember))) return undefined;
  if (blame.as === 'process') return 'whole';
  const isGroup = named.pid === null || known.length > 1 || role.pids.length === 1;
  return isGroup ? 'whole' : 'part';
}

const isUnknown = (pid: number, { roles }: Truth): boolean =>
  !Object.values(roles).some(({ pids, parent }) => pid === parent || pids.includes(pid));

const nameOf = ({ pid, pids, command }: Named): string => `${command} ${pid ?? `group of ${pids.length}`}`;

function rolesOf({ pid, pids, parent }: Named, truth: Truth): string {
  const known = new Set([...(pid === null ? [] : [pid]), ...pids]);
  const roles = Object.entries(truth.roles).filter(
    ([, role]) => role.pids.some((each) => known.has(each)) || (role.parent !== undefined && known.has(role.parent)),
  );
  const names = roles.map(([name]) => name).join(', ') || 'none of ours';
  return parent === undefined ? names : `${names}, of parent ${parent}`;
}

/** What whoever says nothing but names is worth: a rule of thumb, or the names of a finding. */
export function judgeNames(names: readonly Named[], expected: Pick<Expected, 'blamed'>, truth: Truth): Judgement {
  return judgementOf(problemsOfNames(names, expected, truth));
}

function problemsOfNames(names: readonly Named[], { blamed }: Pick<Expected, 'blamed'>, truth: Truth): Problem[] {
  const problems: Problem[] = [];
  for (const named of names) {
    if (!blamed.some((blame) => fitOf(named, blame, truth) !== undefined)) {
      problems.push(['wrong name', `${nameOf(named)} is blamed (${rolesOf(named, truth)})`]);
    }
  }
  if (blamed.length > 0 && names.length === 0) problems.push(['empty', 'nobody is blamed']);
  else {
    for (const blame of blamed) {
      const fits = names.map((named) => fitOf(named, blame, truth));
      if (fits.includes('whole')) continue;
      problems.push(['in part', `${blame.role} is ${fits.includes('part') ? 'not named as a group' : 'not named'}`]);
    }
  }
  return problems;
}

const namedOf = ({ pid, pids, parent, command }: Culprit): Named => ({
  pid,
  pids,
  command,
  ...(parent !== undefined && { parent: parent.pid }),
});

/** Culprits of the disks that the situation is about; what other disks of the machine do meanwhile is not its concern. */
export function culpritsOf(finding: Pick<Finding, 'disks'>, truth: Truth): { device: string; culprit: Culprit }[] {
  const ours = new Set(Object.values(truth.roles).flatMap(({ pids, parent = 0 }) => [...pids, parent]));
  return finding.disks.flatMap(({ device, culprits }) =>
    culprits
      .filter(({ pid, pids }) => {
        const isConcerned = device === truth.device || truth.others.includes(device);
        return isConcerned || [pid ?? 0, ...pids].some((each) => ours.has(each));
      })
      .map((culprit) => ({ device, culprit })),
  );
}

/** Whether a culprit was named rightly: the right one, for the right disk. */
export function isRightlyNamed(device: string, culprit: Culprit, expected: Expected, truth: Truth): boolean {
  const fits = expected.blamed.some((blame) => fitOf(namedOf(culprit), blame, truth) !== undefined);
  return device === truth.device && fits;
}

export function judge(
  finding: Pick<Finding, 'disks' | 'summary' | 'explanations'>,
  expected: Expected,
  truth: Truth,
): Judgement {
  const disk = finding.disks.find(({ device }) => device === truth.device);
  const called = culpritsOf(finding, truth);
  const elsewhere = called.filter(({ device }) => device !== truth.device);
  const problems = problemsOfNames(
    called.flatMap(({ device, culprit }) => (device === truth.device ? [namedOf(culprit)] : [])),
    expected,
    truth,
  );
  for (const { device, culprit } of elsewhere) {
    problems.push(['wrong name', `${nameOf(namedOf(culprit))} is blamed for ${device}`]);
  }
  if (!expected.verdict.includes(disk?.verdict ?? 'healthy')) {
    problems.push(['wrong verdict', `${truth.device} is ${disk?.verdict ?? 'not reported'}`]);
  }
  for (const blame of expected.blamed) {
    const culprit = disk?.culprits.find((each) => fitOf(namedOf(each), blame, truth) === 'whole');
    if (culprit) problems.push(...problemsOfDetail(culprit, blame));
  }
  problems.push(...problemsOfBystanders(disk, expected, truth));
  const said = [finding.summary, ...finding.explanations.flatMap(({ kind, summary }) => [kind, summary])].join('\n');
  if (expected.says && !expected.says.test(said)) problems.push(['wrong detail', `${expected.says} is not said`]);
  return judgementOf(problems);
}

function problemsOfDetail(culprit: Culprit, blame: Blame): Problem[] {
  const { role, activity, path, hostPath, deleted, share, measured, unit, container, pod } = blame;
  const problems: Problem[] = [];
  if (!activity.includes(culprit.activity)) {
    problems.push(['wrong detail', `${role} is said to do ${culprit.activity}, not ${activity.join(' or ')}`]);
  }
  const file = culprit.files[0];
  if (path && (file === undefined || !path.test(file.path))) {
    problems.push(['wrong detail', `the file of ${role} is ${file?.path ?? 'not named'}, not ${path}`]);
  }
  if (hostPath && !hostPath.test(file?.hostPath ?? '')) {
    problems.push([
      'wrong detail',
      `on the host the file of ${role} is ${file?.hostPath ?? 'not named'}, not ${hostPath}`,
    ]);
  }
  if (deleted && file?.deleted !== true) problems.push(['wrong detail', `the file of ${role} is not called deleted`]);
  if (measured && !culprit.measured) problems.push(['wrong detail', `the load of ${role} is inferred, not measured`]);
  for (const [kind, wanted] of Object.entries({ unit, container, pod })) {
    const said = culprit[kind as 'unit' | 'container' | 'pod'];
    if (wanted && !wanted.test(said ?? '')) {
      problems.push(['wrong detail', `the ${kind} of ${role} is ${said ?? 'not named'}, not ${wanted}`]);
    }
  }
  if (share && (culprit.share < share.atLeast || culprit.share > share.atMost)) {
    problems.push([
      'wrong detail',
      `the share of ${role} is ${culprit.share}, not ${share.atLeast} to ${share.atMost}`,
    ]);
  }
  return problems;
}

function problemsOfBystanders(disk: Disk | undefined, expected: Expected, truth: Truth): Problem[] {
  const problems: Problem[] = [];
  for (const role of expected.victims ?? []) {
    const { pids } = truth.roles[role] ?? { pids: [] };
    if (!disk?.victims.some(({ pid }) => pids.includes(pid))) {
      problems.push(['wrong detail', `${role} is not among the victims`]);
    }
  }
  const { carriers } = expected;
  if (carriers && !disk?.carriers.some(({ command }) => carriers.test(command))) {
    problems.push(['wrong detail', `no carrier is like ${carriers}`]);
  }
  return problems;
}
