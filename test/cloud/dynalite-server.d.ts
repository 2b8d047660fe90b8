/** The server of dynalite 4 (https://github.com/architect/dynalite), which carries no types: DynamoDB over HTTP. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** Without a path in memory. */
  function dynalite(options: { path?: string; createTableMs: number }): Server;
  export = dynalite;
}
