/** Problems with a file that describes hosts: how many are told, and in which words. */
import type { InventoryProblem } from './inventory.ts';

/** More than these at once help nobody. */
const MOST_PROBLEMS = 20;
/** Where a reader has found this many, it need not look for others. */
export const ENOUGH_PROBLEMS = 1000;

/** The first problems in the order of the file, and a last one that says how many more there are. */
export function firstProblems<Problem extends InventoryProblem>(
  problems: readonly Problem[],
): (Problem | InventoryProblem)[] {
  const file = problems[0]?.file;
  if (file === undefined || problems.length <= MOST_PROBLEMS) return [...problems];
  const more = problems.length - MOST_PROBLEMS;
  return [
    ...problems.slice(0, MOST_PROBLEMS),
    { file, message: `and ${more}${problems.length < ENOUGH_PROBLEMS ? '' : ' or'} more.` },
  ];
}

/** 'hosts.ini line 3', or the file alone where no line is known. */
export function placeIn(file: string, line: number | undefined): string {
  return line === undefined ? file : `${file} line ${line}`;
}

/** 'hosts.ini:3:7: what is wrong', the form that editors and terminals turn into a link. */
export function sayProblem({ file, line, column, message }: InventoryProblem): string {
  const place = [file, line, line === undefined ? undefined : column].filter((part) => part !== undefined);
  return `${place.join(':')}: ${message}`;
}
