import { Validator } from '@seriousme/openapi-schema-validator';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type ApiSite, apiSite } from '../../test/api/api-site.ts';
import { type JsonSchema, type OpenApiText, type Operation, operationsOf } from '../../test/api/documented.ts';
import { recordedHost, refusedHost } from '../../test/api/recorded-hosts.ts';
import { reportOf } from '../../test/findings.ts';
import { must, nextSweepId } from '../../test/store/embedded.ts';
import { SCOPES } from '../auth/scope.ts';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 30_000 });

let site: ApiSite;
let document: OpenApiText;
let operations: Operation[];
const ids: string[] = [];
beforeAll(async () => {
  site = await apiSite({
    alerts: async (body) =>
      (body as { version?: unknown } | null)?.version === '4'
        ? { kind: 'taken', status: 202, body: { hosts: [] } }
        : { kind: 'malformed', errors: [{ path: 'version', message: 'is not 4' }] },
  });
  for (const hosts of [[await recordedHost('db-1')], [await recordedHost('db-1'), await refusedHost('web/1 ä%2F')]]) {
    const report = reportOf(hosts, { id: nextSweepId(), asked: ['@all'] });
    must(await site.store.finishSweep(report));
    ids.push(report.sweep.id);
  }
  const started = (await (await site.ask('/v1/sweeps', { json: { targets: ['@db'] } })).json()) as { id: string };
  ids.push(started.id);
  document = (await (await site.ask('/openapi.json', { scope: null })).json()) as OpenApiText;
  operations = operationsOf(document);
});
afterAll(() => site?.end());

describe('the OpenAPI document', () => {
  it('is valid, and of version 3.1', async () => {
    const validator = new Validator();
    const copy = JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
    expect(await validator.validate(copy)).toEqual({ valid: true });
    expect(validator.version).toBe('3.1');
  });

  it('has every operation that there is, and no other', () => {
    const served = site.app.routes
      .filter(({ method, path }) => method !== 'ALL' && path !== '/openapi.json')
      .map(({ method, path }) => `${method} ${path.replace(/:([a-z]+)/g, '{$1}')}`);
    expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...new Set(served)].sort());
  });

  it('shows of every operation a real answer, which fits its schema', () => {
    for (const { operationId, examples, wrongWith } of operations) {
      if (operationId !== 'takeAlerts')
        expect(
          examples.map(({ status }) => status[0]),
          operationId,
        ).toContain('2');
      for (const { status, example: body } of examples) {
        const contentType =
          typeof body === 'string'
            ? 'text/plain'
            : status.startsWith('2')
              ? 'application/json'
              : 'application/problem+json';
        expect(wrongWith({ status: Number(status), contentType, body }), `${operationId} ${status}`).toEqual([]);
      }
    }
  });

  it('names the shapes of the report, and holds none of them twice', () => {
    const names = Object.keys(document.components.schemas);
    expect(names).toEqual(
      expect.arrayContaining(['Sweep', 'Host', 'Disk', 'Culprit', 'RankingRow', 'Pattern', 'Problem']),
    );
    const texts = Object.values(document.components.schemas).map((schema) => JSON.stringify(schema));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('would be found out if an answer broke it', () => {
    const list = operations.find(({ operationId }) => operationId === 'listSweeps');
    const answered = { status: 200, contentType: 'application/json', body: { sweeps: [{}], unreadable: [] } };
    expect(list?.wrongWith(answered)).toContainEqual(expect.stringContaining("must have required property 'id'"));
    expect(list?.wrongWith({ ...answered, status: 418 })).toEqual(['status 418 is not documented']);
  });
});

/** Words that name something here, or hardly any request would find what it asks for. */
const knownWords = (name: string): readonly string[] =>
  name === 'host' ? ['db-1', 'web/1 ä%2F'] : name === 'targets' ? ['db-1', '@db', 'db-[1-2]'] : ids;

/** What a client sends for a schema, which fits it mostly. */
function valueFor(name: string, schema: JsonSchema): fc.Arbitrary<unknown> {
  const { type, enum: words, minimum = -10, maximum = 10, items, properties = {}, required = [] } = schema;
  if (words !== undefined) return fc.constantFrom(...words);
  if (type === 'integer') return fc.integer({ min: minimum, max: maximum });
  if (type === 'number') return fc.double({ min: minimum, max: maximum, noNaN: true });
  if (type === 'boolean') return fc.boolean();
  if (type === 'array') return fc.array(items ? valueFor(name, items) : fc.jsonValue(), { minLength: 1, maxLength: 3 });
  if (type === 'object' && Object.keys(properties).length > 0) {
    const model = Object.fromEntries(Object.entries(properties).map(([part, each]) => [part, valueFor(part, each)]));
    return fc.record(model, { requiredKeys: [...required] });
  }
  if (type === 'object') return fc.dictionary(fc.string(), fc.jsonValue());
  const text = fc.string({ unit: 'grapheme' });
  return fc.oneof({ weight: 4, arbitrary: fc.constantFrom(...knownWords(name)) }, text);
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('', '-1', '1e9', '__proto__', '../..', '%', '\u0000'),
);

function requestFor({ parameters, body }: Operation) {
  const given = (where: 'path' | 'query' | 'header') =>
    fc.record(
      Object.fromEntries(
        parameters
          .filter((parameter) => parameter.in === where)
          .map(({ name, schema }) => [
            name,
            fc.oneof({ weight: 3, arbitrary: valueFor(name, schema).map(String) }, anyText),
          ]),
      ),
      where === 'path' ? {} : { requiredKeys: [] },
    );
  return fc.record({
    path: given('path'),
    query: fc.oneof({ weight: 4, arbitrary: given('query') }, fc.dictionary(anyText, anyText, { maxKeys: 2 })),
    headers: given('header'),
    scope: fc.oneof({ weight: 6, arbitrary: fc.constant('admin' as const) }, fc.constantFrom(...SCOPES, null)),
    body:
      body === undefined
        ? fc.constant(undefined)
        : fc.oneof(
            { weight: 4, arbitrary: valueFor('', body).map((value) => JSON.stringify(value)) },
            fc.jsonValue().map((value) => JSON.stringify(value)),
            fc.string(),
          ),
    type: fc.oneof({ weight: 8, arbitrary: fc.constant('application/json') }, fc.constantFrom('text/plain', 'a/b', '')),
  });
}

describe('a client that is driven by the document', () => {
  it('gets from every operation what it promises, whatever is sent', async () => {
    const seen = new Map<string, Set<number>>();
    for (const operation of operations) {
      const { operationId, method, wrongWith, needsToken } = operation;
      const statuses = new Set<number>();
      seen.set(operationId, statuses);
      await fc.assert(
        fc.asyncProperty(requestFor(operation), async ({ path, query, headers, scope, body, type }) => {
          const filled = operation.path.replace(/\{(\w+)\}/g, (_, name: string) =>
            encodeURIComponent(path[name] ?? ''),
          );
          const search = new URLSearchParams(
            Object.entries(query ?? {}).map(([name, value]): [string, string] => [name, value ?? '']),
          ).toString();
          const answer = await site.ask(`${filled}${search && `?${search}`}`, {
            method,
            scope: needsToken ? scope : null,
            headers: { ...printable(headers), ...(body !== undefined && { 'content-type': type }) },
            ...(body !== undefined && { body }),
          });
          statuses.add(answer.status);
          expect(answer.status, site.logged.at(-1)).not.toBe(500);
          const contentType = answer.headers.get('content-type') ?? '';
          const given: unknown = contentType.includes('json') ? await answer.json() : await answer.text();
          expect(wrongWith({ status: answer.status, contentType, body: given })).toEqual([]);
        }),
        { numRuns: 80 },
      );
    }
    // It reached what it was to reach.
    for (const [operationId, statuses] of seen) {
      expect(
        [...statuses].some((status) => status < 300),
        `${operationId}: ${[...statuses]}`,
      ).toBe(true);
    }
    expect([...(seen.get('startSweep') ?? [])]).toEqual(expect.arrayContaining([202, 422]));
  });
});

/** fetch itself refuses to send other headers. */
const printable = (headers: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value = '\n']) => (/^[\x20-\xff]*$/.test(value) ? [[name, value]] : [])),
  );
