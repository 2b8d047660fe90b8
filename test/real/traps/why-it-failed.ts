/** What a log has to say of a case that was not right, so that nothing but the log is needed to understand it. Pure. */
import { textOf } from './golden.ts';
import type { Tried } from './run-case.ts';

/** The shortest first: what was wrong, what was concluded, what was true; then the explanation that a user would read. */
export function whyItFailed(tried: Tried): string {
  const { trap, premiseProblems, whodisk, host, truth, measured } = tried;
  const called = host.disks.flatMap(({ device, verdict, culprits }) =>
    culprits.map(
      ({ pid, pids, command, activity, share, confidence }) =>
        `${device} (${verdict}): ${command} ${pid ?? `group ${pids.join(' ')}`}, ${activity}, share ${share}, ${confidence}`,
    ),
  );
  return [
    `${trap.name}: ${whodisk.outcome}`,
    ...premiseProblems.map((problem) => `  premise: ${problem}`),
    ...whodisk.problems.map((problem) => `  ${problem}`),
    `  said: ${host.summary}`,
    ...called.map((line) => `  named: ${line}`),
    ...host.explanations.map(({ kind, summary }) => `  explained: ${kind}: ${summary}`),
    `  truth: ${JSON.stringify(truth)}`,
    `  measured: ${JSON.stringify(measured)}`,
    ...textOf(host)
      .trimEnd()
      .split('\n')
      .map((line) => `    ${line}`),
  ].join('\n');
}
