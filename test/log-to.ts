/** A service's log, kept for a test. */
import type { Log } from '../functions/log.ts';

/** @param lines get "LEVEL MESSAGE FIELDS", the fields as JSON */
export function logTo(lines: string[]): Log {
  const line =
    (level: keyof Log) =>
    (message: string, fields: object = {}): void =>
      void lines.push(`${level} ${message} ${JSON.stringify(fields)}`);
  return { info: line('info'), warn: line('warn'), error: line('error') };
}
