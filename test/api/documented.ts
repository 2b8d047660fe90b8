/** An OpenAPI document as a client sees it: its operations, what each may be given, and whether an answer is one that it promises. */
// biome-ignore lint/style/noRestrictedImports: not our dist, but where ajv has the dialect of OpenAPI 3.1
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';

export interface Operation {
  readonly operationId: string;
  readonly method: string;
  /** With its parameters in braces. */
  readonly path: string;
  readonly needsToken: boolean;
  readonly parameters: readonly Parameter[];
  /** Of the JSON body; absent where it takes none. */
  readonly body?: JsonSchema;
  readonly examples: readonly { readonly status: string; readonly example: unknown }[];
  /** What is wrong with an answer, a sentence each. */
  wrongWith(answer: { status: number; contentType: string; body: unknown }): string[];
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: JsonSchema;
}

export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
}

interface Media {
  readonly schema?: JsonSchema;
  readonly example?: unknown;
}

interface RawOperation {
  readonly operationId: string;
  readonly security?: unknown[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, Media>> };
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Media>> }>>;
}

export interface OpenApiText {
  readonly openapi: string;
  readonly paths: Readonly<Record<string, Readonly<Record<string, RawOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, JsonSchema>> };
}

export function operationsOf(document: OpenApiText): Operation[] {
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(document, 'document');
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, raw]): Operation => {
      const body = raw.requestBody?.content['application/json']?.schema;
      return {
        operationId: raw.operationId,
        method: method.toUpperCase(),
        path,
        needsToken: (raw.security ?? []).length > 0,
        parameters: raw.parameters ?? [],
        ...(body && { body: resolved(document, body) }),
        examples: Object.entries(raw.responses).flatMap(([status, { content = {} }]) =>
          Object.values(content).flatMap((media) => ('example' in media ? [{ status, example: media.example }] : [])),
        ),
        wrongWith({ status, contentType, body: given }) {
          const media = contentType.split(';')[0] ?? '';
          const promised = raw.responses[status];
          if (promised === undefined) return [`status ${status} is not documented`];
          if (promised.content?.[media] === undefined) return [`${media} is not documented for status ${status}`];
          const pointer = ['paths', path, method, 'responses', String(status), 'content', media, 'schema'];
          const fits = ajv.compile({ $ref: `document#/${pointer.map(escaped).join('/')}` });
          return fits(given) ? [] : (fits.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
        },
      };
    }),
  );
}

export function resolved(document: OpenApiText, schema: JsonSchema): JsonSchema {
  const name = schema.$ref?.replace('#/components/schemas/', '');
  return name === undefined ? schema : (document.components.schemas[name] ?? schema);
}

const escaped = (part: string): string => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'));
