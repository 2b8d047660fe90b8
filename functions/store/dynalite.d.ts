/**
 * The parts of dynalite 4 (https://github.com/architect/dynalite) that the embedded store is made of. The package carries no types.
 * Its own server is left out: it throws what the database says into the event loop, and so ends the process on a full disk.
 */
declare module 'dynalite/db/index.js' {
  import type { DynaliteStore } from './embedded/dynalite-store.ts';

  const db: {
    /** Opens the database in the background; `db.open()` of the result waits for it. */
    create(options: { path: string; createTableMs: number }): DynaliteStore;
  };
  export = db;
}

declare module 'dynalite/validations/index.js' {
  const validations: {
    /** @throws an Error with statusCode and body, as DynamoDB answers it */
    checkTypes(data: unknown, types: unknown): unknown;
    /** @throws an Error with statusCode and body, as DynamoDB answers it */
    checkValidations(data: unknown, types: unknown, custom: unknown, store: unknown): void;
  };
  export = validations;
}

declare module 'dynalite/validations/*.js' {
  const validation: { types: unknown; custom: unknown };
  export = validation;
}

declare module 'dynalite/actions/*.js' {
  import type { Action } from './embedded/dynalite-store.ts';

  const action: Action;
  export = action;
}
