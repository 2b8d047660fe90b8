/** The log of the functions: JSON, a line each, through Powertools, with the request that it belongs to. */
import { Logger } from '@aws-lambda-powertools/logger';
import type { Context } from 'aws-lambda';
import type { Log, LogFields } from '../log.ts';
import { encodeText } from '../render/encode.ts';

export interface CloudLog extends Log {
  /** To be called first in each invocation: whose lines follow. */
  begin(context: Context): void;
}

/** What others wrote is encoded in it: whoever reads the log does it in a terminal (aws logs tail). */
export function cloudLog(logger: Logger = new Logger()): CloudLog {
  const at =
    (level: keyof Log) =>
    (message: string, fields: LogFields = {}) =>
      logger[level](encodeText(message), encoded(fields));
  return {
    begin: (context) => logger.addContext(context),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}

function encoded(fields: LogFields): Record<string, string | number | boolean> {
  return Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]) =>
      value === undefined ? [] : [[key, typeof value === 'string' ? encodeText(value) : value]],
    ),
  );
}
