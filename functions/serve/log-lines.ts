/** The log of a service as lines: time, level, message, and key=value; or JSON, a line each. */
import type { Log, LogFields } from '../log.ts';
import { encodeJson, encodeText } from '../render/encode.ts';

export interface LogLinesOptions {
  readonly isJson: boolean;
  /** Epoch milliseconds. */
  readonly nowMs: () => number;
}

/** @param write takes a line with its line break. What others wrote is encoded in it. */
export function logLines(write: (line: string) => void, { isJson, nowMs }: LogLinesOptions): Log {
  const at =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}) => {
      const entry = { at: new Date(nowMs()).toISOString(), level, message };
      write(`${isJson ? encodeJson(JSON.stringify({ ...fields, ...entry })) : textOf(entry, fields)}\n`);
    };
  return { info: at('info'), warn: at('warn'), error: at('error') };
}

function textOf({ at, level, message }: { at: string; level: string; message: string }, fields: LogFields): string {
  const pairs = Object.entries(fields).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${typeof value === 'string' ? quoted(value) : value}`],
  );
  return encodeText([at, level.padEnd(5), message, ...pairs].join(' '));
}

/** As it is where that can only be read in one way, else as a JSON string. */
function quoted(value: string): string {
  return /^[^\s"=\\]+$/u.test(value) ? value : JSON.stringify(value);
}
