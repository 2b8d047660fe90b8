/** The configuration that the processes of a service share: a small item that says which one counts, and its body, which may be large. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { ulid } from '../ulid.ts';
import type { Alive } from './alive.ts';
import { bodyOf } from './bodies.ts';
import { pack } from './body.ts';
import { partKeysOf, sortKeyOf, withBody } from './items.ts';
import { attributesOf, CONFIG, CONFIG_STAMP, configBodyKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Store } from './store.ts';
import type { Item, Table } from './table.ts';

/** @param nowMs epoch milliseconds */
export function tableConfig(
  table: Table,
  alive: Alive,
  nowMs: () => number,
): Pick<Store, 'putConfig' | 'configStamp' | 'config'> {
  async function stampNow(): Promise<Stamp | undefined | StoreProblem> {
    const item = await alive.get(CONFIG_STAMP);
    if (!item || item instanceof StoreProblem) return item;
    const read = stampSchema.safeParse(item);
    return read.success ? read.data : unreadable('its stamp is malformed');
  }

  /**
   * Bodies that nobody can be reading any more. The one before may have counted for weeks: who has just seen the stamp that named it is reading
   * it now.
   */
  async function removeOlder(...kept: readonly (string | undefined)[]): Promise<StoreProblem | undefined> {
    const items = await alive.collect(
      {
        pk: CONFIG,
        condition: 'sk BETWEEN :first AND :last',
        values: {
          ':first': { S: configBodyKey('').sk },
          ':last': { S: configBodyKey(ulid(nowMs() - READING_MS)).sk },
        },
        attributes: ['sk', 'parts', 'partsUnder'],
      },
      Number.POSITIVE_INFINITY,
    );
    if (items instanceof StoreProblem) return items;
    const keys = new Set(kept.map((id) => configBodyKey(id ?? '').sk));
    const older = items.filter((item) => !keys.has(sortKeyOf(item)));
    return await table.removeAll(older.flatMap(keysOf));
  }

  return {
    async putConfig(config) {
      const hash = createHash('sha256').update(JSON.stringify(config)).digest('hex');
      const before = await table.get(CONFIG_STAMP);
      if (before instanceof StoreProblem) return before;
      const checkedAtMs = { N: String(nowMs()) };
      if (before?.['hash']?.S === hash) {
        const outcome = await table.update(CONFIG_STAMP, {
          change: 'SET checkedAtMs = :now',
          condition: '#hash = :hash',
          names: { '#hash': 'hash' },
          values: { ':now': checkedAtMs, ':hash': { S: hash } },
        });
        return outcome instanceof StoreProblem ? outcome : 'unchanged';
      }
      const body = pack(config);
      if (!body) {
        return new StoreProblem(
          'too-large',
          'the configuration is larger than the store takes',
          'describe fewer hosts',
        );
      }
      // Each under an id of its own: of two that publish at the same time neither writes into what the other has.
      const id = ulid(nowMs());
      const key = configBodyKey(id);
      const { item, parts } = withBody(attributesOf(key), key, body, NEVER);
      const problem = await table.putAll([...parts, item]);
      if (problem) return problem;
      const stamp = {
        ...attributesOf(CONFIG_STAMP),
        hash: { S: hash },
        bodyId: { S: id },
        checkedAtMs,
        expiresAt: { N: String(NEVER) },
      };
      const was = before?.['bodyId'];
      const condition = was
        ? { expression: 'bodyId = :was', values: { ':was': was } }
        : { expression: 'attribute_not_exists(bodyId)' };
      const outcome = await table.put(stamp, condition);
      if (outcome instanceof StoreProblem) return outcome;
      // Somebody else was faster, or it was ours and the answer was lost: it is seen the next time.
      if (outcome === 'refused') return 'unchanged';
      return (await removeOlder(id, was?.S)) ?? 'published';
    },

    async configStamp() {
      const stamp = await stampNow();
      if (!stamp || stamp instanceof StoreProblem) return stamp;
      return { hash: stamp.hash, checkedAtMs: stamp.checkedAtMs };
    },

    async config() {
      const stamp = await stampNow();
      if (!stamp || stamp instanceof StoreProblem) return stamp;
      const item = await alive.get(configBodyKey(stamp.bodyId));
      if (item instanceof StoreProblem) return item;
      const body = item ? await bodyOf(table, item) : { damage: 'its body is missing' };
      if (body instanceof StoreProblem) return body;
      if ('damage' in body) return unreadable(body.damage);
      return { hash: stamp.hash, checkedAtMs: stamp.checkedAtMs, config: body.value };
    },
  };
}

interface Stamp {
  readonly hash: string;
  readonly bodyId: string;
  readonly checkedAtMs: number;
}

const textAttribute = z.object({ S: z.string() }).transform(({ S }) => S);
const stampSchema = z.object({
  hash: textAttribute,
  bodyId: textAttribute,
  checkedAtMs: z.object({ N: z.string() }).transform(({ N }) => Number(N)),
});

const keysOf = (item: Item) => {
  const key = { pk: CONFIG, sk: sortKeyOf(item) };
  return [...partKeysOf(key, item), key];
};

const unreadable = (why: string): StoreProblem =>
  new StoreProblem(
    'corrupt',
    `the configuration cannot be read from the store: ${why}`,
    'delete the item "config", "stamp" from the table: it is published again within a minute',
  );

/** A reader takes seconds; a machine's clock may be off by minutes. */
const READING_MS = 3_600_000;
/** 31 December 9999, in epoch seconds. */
const NEVER = 253_402_300_799;
