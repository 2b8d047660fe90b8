/** Compares what a service was asked for with what is stored: every sweep ended once, every host in it once, every act recorded once. */
import type { AuditRecord } from '../../functions/audit-record.ts';
import type { Store } from '../../functions/store/store.ts';
import { must } from '../store/embedded.ts';
import type { AskedSweep } from './kill-round.ts';

/** @returns what is wrong, a sentence each */
export async function serviceViolations(store: Store, asked: readonly AskedSweep[]): Promise<string[]> {
  const wrong: string[] = [];
  const ids = new Set(asked.map(({ id }) => id));
  if (ids.size !== asked.length) wrong.push('two keys got the same sweep');
  const stored = await allSweeps(store);
  for (const id of stored) if (!ids.has(id)) wrong.push(`${id} is stored, and nobody was told of it`);
  const records = await allRecords(store);
  for (const one of asked) {
    if (!stored.has(one.id)) wrong.push(`${one.key}: its sweep is not listed`);
    wrong.push(...(await sweepViolations(store, one)), ...recordViolations(records, one));
  }
  const open = must(await store.openJobs());
  if (open.length > 0) wrong.push(`${open.length} jobs are still open`);
  return wrong;
}

async function sweepViolations(store: Store, { key, id, targets, status }: AskedSweep): Promise<string[]> {
  const detail = must(await store.sweep(id));
  if (detail === undefined) return [`${key}: its sweep is not there`];
  const wrong: string[] = [];
  if (detail.sweep.status !== status) wrong.push(`${key}: told as ${status}, stored as ${detail.sweep.status}`);
  if (status !== 'complete' && status !== 'incomplete') wrong.push(`${key}: it ended as ${status}`);
  const names = [...targets].sort();
  if (!isSame([...detail.order].sort(), names)) wrong.push(`${key}: ranked are ${detail.order.join(' ')}`);
  const { rows } = must(await store.allRows(id));
  if (!isSame(rows.map(({ host }) => host).sort(), names))
    wrong.push(`${key}: rows of ${rows.map(({ host }) => host).join(' ')}`);
  for (const host of targets) {
    const finding = must(await store.finding(id, host));
    if (finding === undefined) wrong.push(`${key}: no finding of ${host}`);
    else if (status === 'complete' && finding.failure?.kind === 'lost')
      wrong.push(`${key}: ${host} is lost in a complete sweep`);
  }
  const swept = rows.filter((row) => row.status !== 'not-swept').length;
  if (detail.sweep.swept !== swept)
    wrong.push(`${key}: ${detail.sweep.swept} swept by its count, ${swept} by its rows`);
  return wrong;
}

function recordViolations(records: readonly AuditRecord[], { key, id }: AskedSweep): string[] {
  return (['asked', 'ended'] as const).flatMap((event) => {
    const count = records.filter((record) => record.event === event && record.sweepId === id).length;
    return count === 1 ? [] : [`${key}: ${count} records of "${event}"`];
  });
}

async function allSweeps(store: Store): Promise<Set<string>> {
  const ids = new Set<string>();
  let before: string | undefined;
  do {
    const page = must(await store.sweeps({ limit: 100, ...(before !== undefined && { before }) }));
    for (const { id } of page.sweeps) ids.add(id);
    before = page.before;
  } while (before !== undefined);
  return ids;
}

async function allRecords(store: Store): Promise<AuditRecord[]> {
  const records: AuditRecord[] = [];
  let before: string | undefined;
  do {
    const page = must(await store.audit({ limit: 100, ...(before !== undefined && { before }) }));
    records.push(...page.records);
    before = page.before;
  } while (before !== undefined);
  return records;
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((one, index) => one === b[index]);
