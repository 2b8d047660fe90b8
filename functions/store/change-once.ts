/** Changes of which one caller must know that it was theirs, though their answer may be lost and the request sent again. */
import { randomUUID } from 'node:crypto';
import type { Key } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Table } from './table.ts';

/** @param changeId goes into the item's `changeId`, so that it says afterwards whose change it was */
export type Change = (changeId: { S: string }) => Promise<{ changed: unknown } | 'stored' | 'refused' | StoreProblem>;

/** @returns whether it was this call that changed the item */
export async function changeOnce(table: Table, key: Key, change: Change): Promise<boolean | StoreProblem> {
  const id = { S: randomUUID() };
  const outcome = await change(id);
  if (outcome instanceof StoreProblem) return outcome;
  if (outcome !== 'refused') return true;
  const present = await table.get(key, ['changeId']);
  return present instanceof StoreProblem ? present : present?.['changeId']?.S === id.S;
}
