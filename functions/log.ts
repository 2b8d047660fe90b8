/** What a service says of itself while it runs. Never a secret, never a command line. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>> & {
  /** What a line of a log has itself: a field of this name would be dropped (Powertools Logger), or take its place. */
  readonly [Name in 'level' | 'message' | 'sampling_rate' | 'service' | 'timestamp']?: never;
};

export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
