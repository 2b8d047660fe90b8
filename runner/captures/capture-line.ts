/** The lines of a pasted text, made plain: no colours, no cursor movements, no Windows line ends. */
import { inCount } from '../triage/words.ts';

export interface CaptureLine {
  /** The file as it was named. */
  readonly file: string;
  /** Counted from 1. */
  readonly number: number;
  readonly text: string;
}

/** ECMA-48: CSI sequences, the titles that OSC sets, and two-character escapes, as top and script(1) leave them behind. */
const ESCAPES =
  /\u001b(?:\[[0-?]{0,32}[ -/]{0,4}[@-~]|\][^\u0007\u001b]{0,256}(?:\u0007|\u001b\\)|[()][0-9A-B]|[@-Z\\-_])/gu;

/** Of a longer one, such as a write of strace -s, the beginning and the end: what it says is there. */
const MOST_OF_LINE = 1024 * 1024;

/** Hours of top. */
const MAX_LINES = 500_000;

export interface CaptureLines {
  /** Without the blank ones. */
  readonly lines: readonly CaptureLine[];
  /** Where there are more lines than are read, a sentence that says so. */
  readonly cut?: string;
}

export function captureLines(file: string, text: string): CaptureLines {
  const lines: CaptureLine[] = [];
  const all = text.replace(ESCAPES, '').split(/\r?\n|\r/u, MAX_LINES + 1);
  for (const [index, line] of all.slice(0, MAX_LINES).entries()) {
    const shown = withinLength(line.trimEnd());
    if (shown !== '') lines.push({ file, number: index + 1, text: shown });
  }
  return { lines, ...(all.length > MAX_LINES && { cut: `${file}: the first ${inCount(MAX_LINES)} lines were read` }) };
}

const withinLength = (line: string): string =>
  line.length <= MOST_OF_LINE ? line : line.slice(0, MOST_OF_LINE / 2) + line.slice(-MOST_OF_LINE / 2);

/** "top.txt, line 3" */
export const placeOf = ({ file, number }: CaptureLine): string => `${file}, line ${number}`;
