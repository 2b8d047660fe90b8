/** `--watch [SECONDS]` on the command line. */
import type { Format } from './commands.ts';

/** From the end of a sweep to the start of the next one. */
export const WATCH_SECONDS = { least: 5, most: 86_400, otherwise: 30 } as const;

/**
 * The word behind a bare --watch is its seconds only where it is a number: `whodisk --watch db-1` watches db-1. (commander would take any
 * word.)
 */
export function withWatchSeconds(argv: readonly string[]): string[] {
  const end = argv.indexOf('--');
  return argv.flatMap((word, index) => {
    const isBefore = end < 0 || index < end;
    const next = argv[index + 1] ?? '';
    const isNumber = /^[0-9]+$/u;
    if (isBefore && word === '--watch') return [`--watch=${isNumber.test(next) ? next : WATCH_SECONDS.otherwise}`];
    return isBefore && argv[index - 1] === '--watch' && isNumber.test(word) ? [] : [word];
  });
}

/** Why it cannot be watched, and what can. */
export function watchProblem(format: Format | undefined): string | undefined {
  return format === 'json'
    ? '--json is one document, and a watch has no end. For a line of JSON for each host and each sweep: --watch --ndjson'
    : undefined;
}
