/** What a service says of itself while it runs. Never a secret, never a command line. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;
export interface Log {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
