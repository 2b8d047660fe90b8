/** Reasons as indented lines with their labels in one column, wrapped to the terminal. */
import { cutEnd, pad, wrap } from './fit.ts';
import type { Paint } from './paint.ts';
import type { Reason } from './reasons.ts';

const LABEL_WIDTH = 10;

/** Lines for the reasons; the advice stands out, the labels step back. */
export function reasonLines(reasons: readonly Reason[], indent: number, width: number, paint: Paint): string[] {
  const margin = ' '.repeat(indent);
  return reasons.flatMap(({ label, text }) =>
    wrapped(text, width - indent - LABEL_WIDTH).map((line, index) => {
      const shown = pad(index === 0 ? cutEnd(label, LABEL_WIDTH - 1) : '', LABEL_WIDTH);
      return `${margin}${paint.dim(shown)}${label === 'advice' ? paint.cyan(line) : line}`.trimEnd();
    }),
  );
}

/** A sentence without a label, wrapped. Empty text gives no line. */
export function textLines(text: string, indent: number, width: number): string[] {
  return text === '' ? [] : wrapped(text, width - indent).map((line) => ' '.repeat(indent) + line);
}

/** A path of 4,096 characters, or a host that means harm, must not push the other hosts off the screen. */
const MOST_LINES = 8;

function wrapped(text: string, width: number): string[] {
  return wrap(cutEnd(text, width * MOST_LINES), width).slice(0, MOST_LINES + 1);
}
