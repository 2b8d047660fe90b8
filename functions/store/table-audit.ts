/** The record of who asked for what. Nothing here changes a record or takes one away before its time. */
import { type AuditRecord, auditRecordSchema } from '../audit-record.ts';
import type { Alive } from './alive.ts';
import { badCursor } from './bad-cursor.ts';
import { bodyOf } from './bodies.ts';
import { pack } from './body.ts';
import { said, sortKeyOf, withBody } from './items.ts';
import { AUDIT, attributesOf, auditKey, isAuditSortKey, type Key, sweepOfAudit } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Store, Unreadable } from './store.ts';
import type { Item, Table } from './table.ts';

/** @param options `nowMs` epoch milliseconds; records are kept for a year, or `retentionDays` where that is longer */
export function tableAudit(
  table: Table,
  alive: Alive,
  options: { retentionDays: number; nowMs: () => number },
): Pick<Store, 'addAudit' | 'audit'> {
  async function read(item: Item): Promise<AuditRecord | { damage: string } | StoreProblem> {
    const body = await bodyOf(table, item);
    if (body instanceof StoreProblem || 'damage' in body) return body;
    const record = auditRecordSchema.safeParse(body.value);
    return record.success ? record.data : { damage: said(record.error) };
  }

  return {
    async addAudit(record) {
      const key = keyOf(record);
      const body = pack(record);
      if (!body) {
        return new StoreProblem(
          'too-large',
          `the record of ${key.sk} is larger than the audit takes`,
          'ask for fewer hosts',
        );
      }
      const seconds = Math.max(options.retentionDays, LEAST_DAYS) * DAY_SECONDS;
      const expiresAt = Math.round(options.nowMs() / 1000 + seconds);
      // Under its hash: what is said again in other words must not write into the parts of what stands.
      const { item, parts } = withBody(attributesOf(key), key, body, expiresAt, body.hash);
      const problem = parts.length === 0 ? undefined : await table.putAll(parts);
      if (problem) return problem;
      const outcome = await table.put(item, { expression: 'attribute_not_exists(pk)' });
      return outcome instanceof StoreProblem ? outcome : undefined;
    },

    async audit({ limit, before }) {
      if (before !== undefined && !isAuditSortKey(before)) return badCursor();
      const items = await alive.collect(
        {
          pk: AUDIT,
          backwards: true,
          ...(before !== undefined && { condition: 'sk < :before', values: { ':before': { S: before } } }),
        },
        limit + 1,
      );
      if (items instanceof StoreProblem) return items;
      const shown = pageOf(items, limit);
      const records: AuditRecord[] = [];
      const unreadable: Unreadable[] = [];
      for (const item of shown) {
        const record = await read(item);
        if (record instanceof StoreProblem) return record;
        if ('damage' in record) unreadable.push({ what: sortKeyOf(item), why: record.damage });
        else records.push(record);
      }
      const last = shown.at(-1);
      return { records, unreadable, ...(items.length > shown.length && last && { before: sortKeyOf(last) }) };
    },
  };
}

function keyOf(record: AuditRecord): Key {
  switch (record.event) {
    case 'asked':
    case 'ended':
      return auditKey(record.sweepId, record.event);
    case 'refused':
    case 'token-created':
    case 'token-revoked':
      return auditKey(record.id, 'other');
    default:
      return record satisfies never;
  }
}

/** At most `limit` of them; how a sweep ended is left to the next page where what was asked would be on that. */
function pageOf(items: readonly Item[], limit: number): readonly Item[] {
  const shown = items.slice(0, limit);
  const [last, next] = [shown.at(-1), items[limit]];
  if (!last || !next || shown.length === 1) return shown;
  const sweep = sweepOfAudit(sortKeyOf(last));
  return sweep !== undefined && sweep === sweepOfAudit(sortKeyOf(next)) ? shown.slice(0, -1) : shown;
}

const LEAST_DAYS = 365;
const DAY_SECONDS = 86_400;
