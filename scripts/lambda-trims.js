import path from 'node:path';

/**
 * What packages bring along that a function never runs, and what stands in its place: for an import of `of`, as it is written in a file
 * whose path has `from` in it, `contents`, or an export of a package as `path`. Each is there for its size and says why it may go.
 */
const TRIMS = [
  {
    // It wants the whole of zod only to hand it on: messages in fifty languages, JSON Schema both ways. It gives this class a method.
    of: /^zod$/,
    from: '/@hono/zod-openapi/',
    contents: "import { ZodType } from 'zod'; export const z = { ZodType };",
  },
  {
    // Lambda puts the credentials of a function's role into its environment: no file, no sign-on, no metadata service.
    of: /^@aws-sdk\/credential-provider-node$/,
    from: '',
    contents: "export { fromEnv as defaultProvider } from '@aws-sdk/credential-provider-env';",
  },
  {
    // No request of ours is a stream of events, or has one for an answer; imported late, it keeps esbuild from looking into the SDK's core.
    of: /^@smithy\/core\/event-streams$/,
    from: '/@smithy/core/',
    contents: 'export const EventStreamSerde = undefined, eventStreamSerdeProvider = undefined;',
  },
  {
    // The limiter counts in memory; the others are for databases.
    of: /^rate-limiter-flexible$/,
    from: '/functions/',
    contents: `export { default as RateLimiterMemory } from 'rate-limiter-flexible/lib/RateLimiterMemory.js';
export { default as RateLimiterRes } from 'rate-limiter-flexible/lib/RateLimiterRes.js';`,
  },
  {
    // A worker runs one program on a host: it is no server, makes no keys, tunnels no HTTP and copies no files.
    of: /^\.\/(?:server|keygen|http-agents|protocol\/SFTP)\.js$/,
    from: '/ssh2/lib/',
    contents: 'exports.SFTP = class {};',
  },
];

/** @returns {import('esbuild').Plugin} */
export function lambdaTrims() {
  return {
    name: 'lambda-trims',
    setup(build) {
      for (const [index, { of, from }] of TRIMS.entries()) {
        build.onResolve({ filter: of }, ({ importer, namespace, resolveDir }) => {
          if (namespace === NAMESPACE || !importer.split(path.sep).join('/').includes(from)) return undefined;
          return { path: String(index), namespace: NAMESPACE, pluginData: { resolveDir } };
        });
      }
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path: index, pluginData }) => ({
        contents: TRIMS[Number(index)].contents,
        resolveDir: pluginData.resolveDir,
      }));
    },
  };
}

const NAMESPACE = 'trimmed';
