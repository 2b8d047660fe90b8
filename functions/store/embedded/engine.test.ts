import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { EMBEDDED_TABLE, type Engine, openEngine } from './engine.ts';

let folder: string;
let engine: Engine;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'whodisk-engine-'));
  const opened = await openEngine(folder);
  if ('kind' in opened) throw new Error(opened.message);
  engine = opened;
});
afterEach(async () => {
  await engine.close();
  rmSync(folder, { recursive: true, force: true });
});

const ask = async (operation: string, input: object): Promise<{ status: number; body: unknown }> => {
  const answer = await engine.answer(operation, JSON.stringify({ TableName: EMBEDDED_TABLE, ...input }));
  if ('kind' in answer) throw new Error(answer.message);
  return { status: answer.status, body: JSON.parse(answer.body) };
};

const row = (name: string, rank: string) => ({ pk: { S: 'sweep#1' }, sk: { S: `host#${name}` }, rank: { S: rank } });

/** Writes that LevelDB has logged: its records are whole or not there after a crash (doc/log_format.md: 32 KB blocks, a 7-byte header). */
function loggedWrites(): number {
  const [log = ''] = readdirSync(folder).filter((name) => name.endsWith('.log'));
  const bytes = readFileSync(path.join(folder, log));
  let records = 0;
  for (let at = 0; at + 7 <= bytes.length; ) {
    const left = 32_768 - (at % 32_768);
    if (left < 7) {
      at += left;
      continue;
    }
    const type = bytes[at + 6];
    if (type === 1 || type === 2) records += 1;
    at += 7 + bytes.readUInt16LE(at + 4);
  }
  return records;
}

test('the table is written once, and not again a moment later', async () => {
  await sleep(50);
  expect(loggedWrites()).toBe(1);
});

test('a request writes once, however many items and index entries it has', async () => {
  const before = loggedWrites();
  const requests = Array.from({ length: 24 }, (_, i) => ({ PutRequest: { Item: row(`db-${i}`, `3${i}`) } }));
  await ask('BatchWriteItem', { RequestItems: { [EMBEDDED_TABLE]: requests } });
  expect(loggedWrites()).toBe(before + 1);
  await ask('PutItem', { Item: row('db-1', '1') });
  expect(loggedWrites()).toBe(before + 2);
});

test('an item that is put again has one index entry, its new one', async () => {
  await ask('PutItem', { Item: row('db-1', '3') });
  await ask('PutItem', { Item: row('db-1', '1') });
  const { body } = await ask('Query', {
    IndexName: 'ranking',
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': { S: 'sweep#1' } },
  });
  expect(body).toMatchObject({ Items: [row('db-1', '1')] });
});

test('the table is made whole at once: nobody finds it half made', async () => {
  expect(await ask('DescribeTable', {})).toMatchObject({
    body: { Table: { TableStatus: 'ACTIVE', GlobalSecondaryIndexes: [{ IndexStatus: 'ACTIVE' }] } },
  });
  expect(await ask('CreateTable', JSON.parse('{"AttributeDefinitions":[]}'))).toMatchObject({ status: 400 });
});

test('a condition that does not hold writes nothing', async () => {
  await ask('PutItem', { Item: row('db-1', '3') });
  const before = loggedWrites();
  const refused = await ask('PutItem', { Item: row('db-1', '1'), ConditionExpression: 'attribute_not_exists(pk)' });
  expect(refused).toMatchObject({ status: 400, body: { __type: expect.stringContaining('ConditionalCheckFailed') } });
  expect(loggedWrites()).toBe(before);
});

test('what is no request of ours is an answer too', async () => {
  expect(await engine.answer('DropEverything', '{}')).toMatchObject({ status: 400 });
  expect(await engine.answer('PutItem', '{"half":')).toMatchObject({ status: 400 });
  expect(await engine.answer('PutItem', '[]')).toMatchObject({ status: 400 });
  expect(await ask('PutItem', { Item: { pk: { S: 'only half a key' } } })).toMatchObject({ status: 400 });
  expect(engine.isBroken()).toBe(false);
});
