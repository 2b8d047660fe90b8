/**
 * Lines of strace → whole calls. A call is in several lines where whoever pasted it broke a long one, and where another thread came
 * between ("<unfinished ...>" and "<... write resumed>", strace(1)).
 */
import type { CaptureLine } from './capture-line.ts';
import { clockOf } from './clock.ts';
import type { Section } from './split-captures.ts';

export interface CallText {
  readonly pid?: number;
  /** Seconds on a clock that all calls of a text share, where strace was asked for times. */
  readonly atSeconds?: number;
  readonly name: string;
  /** What is between the parentheses; cut off where the call had not ended. */
  readonly text: string;
  /** The first word behind "=": a number, an address, "-1", "?"; absent where the call had not ended. */
  readonly result?: string;
}

export interface CallTexts {
  readonly calls: readonly CallText[];
  readonly attached: readonly number[];
  /** The table of strace -c. */
  readonly isSummary: boolean;
}

const PID = String.raw`^(?:\[pid\s+(\d{1,10})\]\s+|(\d{1,10})\s+(?=\D|\d+[:.]))?`;
/** -t, -tt, -ttt, and -r, which may be between parentheses behind another one. */
const TIME = String.raw`(?:[+\s]{0,20}([\d:]{0,20}\d[.:][\d:.]{0,20})\s+(?:\(\+\s{0,20}[\d.]{1,20}\)\s+)?)?`;
const LEAD = PID + TIME;
const BEGINS = new RegExp(String.raw`${LEAD}([a-z_][a-z0-9_]{0,40})\((.*)$`, 'u');
const RESUMES = new RegExp(String.raw`${LEAD}<\.\.\. ([a-z_][a-z0-9_]{0,40}) resumed>(.*)$`, 'u');
const ATTACHED = /^(?:strace: )?Process (\d{1,10}) attached/u;
const UNFINISHED = /<unfinished \.\.\.>\s*$/u;
const ENDED = /\)\s+=\s+(\d{1,9}<[^>]*>|\S+)[^=]*$/u;
/** Of a call's text: a path has at most 4096 characters. The whole of a long one would take a time that is the square of its length. */
const MOST_OF_END = 5000;
/** A call that still has not ended after so many lines is not one that was broken. */
const MOST_LINES = 6;
const MAX_ATTACHED = 1024;

interface Open {
  readonly pid: number | undefined;
  readonly atSeconds: number | undefined;
  readonly name: string;
  text: string;
  lines: number;
}

export function callTexts({ lines, words = [] }: Section): CallTexts {
  const calls: CallText[] = [];
  const attached = new Set<number>();
  const unfinished = new Map<string, Open>();
  let open: Open | undefined;
  let isSummary = false;
  let clock = 0;
  const close = (): void => {
    if (!open) return;
    if (UNFINISHED.test(open.text)) unfinished.set(keyOf(open), { ...open, text: open.text.replace(UNFINISHED, '') });
    else calls.push(whole(open));
    open = undefined;
  };
  for (const { text } of lines) {
    const began = BEGINS.exec(text);
    const resumed = began ? null : RESUMES.exec(text);
    const pid = Number((began ?? resumed)?.[1] ?? (began ?? resumed)?.[2]) || undefined;
    const atSeconds = timeOf((began ?? resumed)?.[3], clock);
    clock = atSeconds ?? clock;
    if (began) {
      close();
      open = { pid, atSeconds, name: began[4] as string, text: began[5] as string, lines: 1 };
    } else if (resumed) {
      close();
      const key = keyOf({ pid, name: resumed[4] as string });
      const head = unfinished.get(key);
      unfinished.delete(key);
      open = { pid, atSeconds, name: resumed[4] as string, text: `${head?.text ?? ''}${resumed[5]}`, lines: 1 };
    } else {
      const process = ATTACHED.exec(text)?.[1];
      if (process !== undefined && attached.size < MAX_ATTACHED) attached.add(Number(process));
      if (/^% time\s/u.test(text)) isSummary = true;
      if (open && continues(open, text)) {
        open.text += ` ${text}`;
        open.lines++;
      } else close();
    }
  }
  close();
  for (const call of unfinished.values()) calls.push(whole(call));
  return { calls, attached: attached.size > 0 ? [...attached] : attachedBy(words), isSummary };
}

/** Not what strace says between calls: signals, exits, processes that come and go. */
const continues = ({ text, lines }: Open, line: CaptureLine['text']): boolean =>
  !endOf(text) &&
  !UNFINISHED.test(text) &&
  lines < MOST_LINES &&
  !/^(?:---|\+\+\+|strace:|Process \d|% time)/u.test(line);

/** -r counts from the call before, which is at `before`; all others from midnight or from 1970. */
function timeOf(text: string | undefined, before: number): number | undefined {
  if (text === undefined) return undefined;
  if (text.includes(':')) return clockOf(text);
  const seconds = Number(text);
  return Number.isNaN(seconds) ? undefined : seconds < MOST_RELATIVE ? before + seconds : seconds;
}

/** A thread that sat in one call for days is no capture. */
const MOST_RELATIVE = 1_000_000;

const keyOf = ({ pid, name }: Pick<Open, 'pid' | 'name'>): string => `${pid} ${name}`;

function whole({ pid, atSeconds, name, text }: Open): CallText {
  const ended = endOf(text);
  const rest = ended ? text.slice(0, ended.at) : text;
  return {
    ...(pid !== undefined && { pid }),
    ...(atSeconds !== undefined && { atSeconds }),
    name,
    text: rest.trimEnd(),
    ...(ended && { result: ended.result }),
  };
}

/** Where the arguments of a call end, and what it came to; undefined where it had not ended. */
function endOf(text: string): { readonly at: number; readonly result: string } | undefined {
  const from = Math.max(0, text.length - MOST_OF_END);
  const ended = ENDED.exec(text.slice(from));
  return ended ? { at: from + ended.index, result: ended[1] as string } : undefined;
}

/** `-p 18940`, `-p18940`, `-fp 18940`, and `-p 1,2`. */
function attachedBy(words: readonly string[]): number[] {
  const numbers = words.flatMap((word, i) => {
    const option = /^-[a-zA-Z]*p([\d,]*)$/u.exec(word)?.[1] ?? /^--attach=([\d,]+)$/u.exec(word)?.[1];
    return option === undefined ? [] : (option || (words[i + 1] ?? '')).split(',');
  });
  return numbers.filter((word) => /^\d{1,10}$/u.test(word)).map(Number);
}
