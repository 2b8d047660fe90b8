/** The types of what dynalite works on (dynalite.d.ts). */

/** Node's way: an error, or null and the result. */
export type Callback = (error: Error | null | undefined, result?: unknown) => void;

export type LevelWrite = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

/** LevelDB (https://github.com/Level/level, values as JSON), its methods wrapped by dynalite to take callbacks too. */
export interface CallbackLevel {
  /** @throws what went wrong, in its causes: see level-trouble.ts */
  open(): Promise<void>;
  close(): Promise<void>;
  put(key: string, value: unknown, callback?: Callback): Promise<void> | undefined;
  del(key: string, callback?: Callback): Promise<void> | undefined;
  batch(operations: readonly LevelWrite[], callback?: Callback): Promise<void> | undefined;
}

/** What the actions work on. All its tables share the one LevelDB at `db`. */
export interface DynaliteStore {
  readonly db: CallbackLevel;
}

/** One operation of DynamoDB's API. */
export type Action = (store: DynaliteStore, data: unknown, callback: Callback) => void;
