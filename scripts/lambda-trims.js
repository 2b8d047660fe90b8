import path from 'node:path';

/**
 * What packages bring along that a function never runs, and what stands in its place: for an import of `of`, as it is written in a file
 * whose path has `from` in it, `contents`, which may be made of the import as it is written. Each is there for its size and says why it
 * may go.
 */
const TRIMS = [
  {
    // Of all that a package says of itself the version is asked for.
    of: /\/package\.json$/,
    from: '',
    contents: (asked) => `import { version } from '${asked}'; export { version }; export default { version };`,
  },
  {
    // JSON Schema is what the command line prints. The API describes itself by the schemas themselves (@asteasolutions/zod-to-openapi).
    of: /\/core\/(?:to-json-schema|json-schema-processors)\.js$/,
    from: '/zod/v4/classic/',
    contents: `export { aggregateChecks } from '../core/json-schema-processors.js';
export const createToJSONSchemaMethod = () => toJSONSchema, createStandardJSONSchemaMethod = () => toJSONSchema;
export function toJSONSchema() { throw new Error('the functions of the cloud make no JSON Schema'); }`,
  },
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
    // Endpoints are discovered for no operation of DynamoDB by this client: it makes the cache and never asks it.
    of: /^@aws-sdk\/endpoint-cache$/,
    from: '/@aws-sdk/middleware-endpoint-discovery/',
    contents: 'export class EndpointCache {}',
  },
  {
    // Lambda names the region in the environment too.
    of: /\/getInstanceMetadataRegion$/,
    from: '/@smithy/core/',
    contents: 'export const getInstanceMetadataRegion = async () => undefined;',
  },
  {
    // Every client of ours tries again by the rules of "standard".
    of: /^\.\.\/util-retry\/AdaptiveRetryStrategy$/,
    from: '/@smithy/core/',
    contents: 'export const AdaptiveRetryStrategy = undefined;',
  },
  {
    // For a Node without node:crypto.
    of: /^\.\/Sha256Js$/,
    from: '/@smithy/core/',
    contents: 'export const Sha256Js = undefined;',
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
        build.onResolve({ filter: of }, ({ path: asked, importer, namespace, resolveDir }) => {
          if (namespace === NAMESPACE || !importer.split(path.sep).join('/').includes(from)) return undefined;
          // The same import means something else in another folder.
          const where = path.relative(build.initialOptions.absWorkingDir, resolveDir);
          return {
            path: `${index} ${path.join(where, asked)}`,
            namespace: NAMESPACE,
            pluginData: { asked, resolveDir },
          };
        });
      }
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path: trimmed, pluginData: { asked, resolveDir } }) => {
        const { contents } = TRIMS[Number.parseInt(trimmed, 10)];
        return { contents: typeof contents === 'string' ? contents : contents(asked), resolveDir };
      });
    },
  };
}

const NAMESPACE = 'trimmed';
