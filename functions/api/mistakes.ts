/** What zod found wrong with a request, as places and sentences. The words of the request in them are data: short, and quoted by JSON. */
import type { ZodError } from 'zod';
import type { Mistake } from './problem.ts';

const MOST_CHARACTERS = 200;
const MOST_KEYS = 20;

/** @param noun what a part of the request is called there: "field" of a body, "parameter" of an address */
export function mistakesOf(error: Pick<ZodError, 'issues'>, noun: 'field' | 'parameter' | 'header'): Mistake[] {
  return error.issues.flatMap((issue): Mistake[] => {
    if (issue.code !== 'unrecognized_keys') return [{ path: pointer(issue.path), message: issue.message }];
    return issue.keys.slice(0, MOST_KEYS).map((key) => ({
      path: pointer([...issue.path, key]),
      message: `there is no such ${noun}`,
    }));
  });
}

/** RFC 6901, without the first slash. */
function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => short(String(part).replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');
}

const short = (text: string): string => (text.length > MOST_CHARACTERS ? `${text.slice(0, MOST_CHARACTERS)}…` : text);
