/** What a store could not do, and what a person does about it. It is a value: a store that fails never costs the results on the screen. */

/** Why: the closed list, each with the sentence that documents it. */
export const STORE_PROBLEM_KINDS = {
  'not-ours': 'the state folder, or something in it, belongs to somebody else or is open to others',
  'not-writable': 'the folder or its file system cannot be written',
  'no-space': 'the file system of the store is full',
  'no-descriptors': 'this process may open no more files',
  'nothing-stored': 'nothing has been stored there yet',
  busy: 'another process holds the store and does not answer, or requests come faster than the table allows',
  corrupt: 'what is stored cannot be read any more',
  'no-table': 'the DynamoDB table does not exist',
  'table-differs': 'the DynamoDB table has other keys than those that whodisk uses',
  'no-credentials': 'the AWS SDK finds no credentials or no region',
  denied: 'AWS refuses the request',
  unreachable: 'the DynamoDB endpoint cannot be reached',
  deadline: 'the store did not answer in time',
  'bad-cursor': 'the cursor does not come from this store',
  'too-large': 'a finding is larger than the store takes',
  closed: 'the store was closed before the request was done',
  failed: 'something else: the message says what',
} as const;
export type StoreProblemKind = keyof typeof STORE_PROBLEM_KINDS;

/** Tell it from a result with `instanceof StoreProblem`. */
export class StoreProblem {
  readonly kind: StoreProblemKind;
  /** One sentence: what went wrong, and where. */
  readonly message: string;
  /** What to do about it. */
  readonly mend: string;

  constructor(kind: StoreProblemKind, message: string, mend: string) {
    this.kind = kind;
    this.message = message;
    this.mend = mend;
  }
}

/** Carries a problem through code that can only throw: the AWS SDK between a request and its answer. */
export class StoreFailure extends Error {
  readonly problem: StoreProblem;

  constructor(problem: StoreProblem) {
    super(problem.message);
    this.name = 'StoreFailure';
    this.problem = problem;
  }
}
