/** Bodies of items, from wherever they are: in the item, or in parts of their own. */
import type { VisitedHost } from '../../runner/report.ts';
import { unpack } from './body.ts';
import { bodyOfPart, bodyPlaceOf, readFinding, readSweepBody, type SweepBody, sortKeyOf } from './items.ts';
import { partKey } from './keys.ts';
import { StoreProblem } from './problem.ts';
import type { Item, Table } from './table.ts';

/** Damage is what cannot be read of this one item; a problem is the store's. */
export async function bodyOf(
  table: Table,
  item: Item,
): Promise<{ value: unknown } | { damage: string } | StoreProblem> {
  const place = bodyPlaceOf(item);
  if ('damage' in place) return place;
  if ('body' in place) return unpack([place.body], '');
  const key = { pk: item['pk']?.S ?? '', sk: sortKeyOf(item) };
  const parts: Uint8Array[] = [];
  for (let index = 0; index < place.partCount; index++) {
    const part = await table.get(partKey(key, index, place.under));
    if (part instanceof StoreProblem) return part;
    const bytes = part && bodyOfPart(part);
    if (!bytes) return { damage: `part ${index + 1} of ${place.partCount} is missing` };
    parts.push(bytes);
  }
  return unpack(parts, place.hash);
}

/** The finding that an item holds. */
export async function findingOf(table: Table, item: Item): Promise<VisitedHost | { damage: string } | StoreProblem> {
  const body = await bodyOf(table, item);
  return body instanceof StoreProblem || 'damage' in body ? body : readFinding(body.value);
}

/** What the item of a sweep holds beside its head. */
export async function sweepBodyOf(table: Table, item: Item): Promise<SweepBody | { damage: string } | StoreProblem> {
  const body = await bodyOf(table, item);
  return body instanceof StoreProblem || 'damage' in body ? body : readSweepBody(body.value);
}
