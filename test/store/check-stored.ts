/** Compares what writers asked for and were told with what is stored: nothing lost, nothing doubled, nothing half and called whole. */
import { isDeepStrictEqual } from 'node:util';
import type { Store } from '../../functions/store/store.ts';
import { compareWorstFirst } from '../../runner/triage/rank.ts';
import { must } from './embedded.ts';
import type { Writer } from './writers.ts';
import { writtenHost } from './written-host.ts';

type Written = Pick<Writer, 'sweepId' | 'names' | 'stored' | 'has'>;

/** @returns what is wrong, a sentence each */
export async function violationsOf(store: Store, writers: readonly Written[]): Promise<string[]> {
  const wrong: string[] = [];
  const listed = await allSweeps(store);
  if (new Set(listed.keys()).size !== listed.size) wrong.push('a sweep is listed twice');
  for (const writer of writers) wrong.push(...(await violationsOfSweep(store, writer, listed.get(writer.sweepId))));
  return wrong;
}

async function allSweeps(store: Store): Promise<Map<string, string>> {
  const statuses = new Map<string, string>();
  let before: string | undefined;
  do {
    const page = must(await store.sweeps({ limit: 100, ...(before !== undefined && { before }) }));
    for (const { id, status } of page.sweeps) statuses.set(id, statuses.has(id) ? 'doubled' : status);
    for (const { what, why } of page.unreadable) statuses.set(what, `unreadable: ${why}`);
    before = page.before;
  } while (before !== undefined);
  return statuses;
}

async function violationsOfSweep(store: Store, writer: Written, status: string | undefined): Promise<string[]> {
  const { sweepId, names, stored } = writer;
  const wrong: string[] = [];
  const say = (what: string): void => void wrong.push(`sweep ${sweepId}: ${what}`);

  const allowed = writer.has('finished')
    ? ['complete']
    : writer.has('begun')
      ? ['running', 'complete']
      : [undefined, 'running', 'complete'];
  if (!allowed.includes(status)) say(`is ${status}, not ${allowed.join(' or ')}`);

  const { rows, unreadable } = must(await store.allRows(sweepId));
  for (const { what, why } of unreadable) say(`the row of ${what} cannot be read: ${why}`);
  const found = rows.map(({ host }) => host);
  if (new Set(found).size !== found.length) say('a host has two rows');
  const inRows = new Set(found);
  for (const name of stored) if (!inRows.has(name)) say(`${name} was acknowledged and has no row`);
  for (const name of found) if (!names.includes(name)) say(`${name} was never asked for`);
  if (status === 'complete' && found.length !== names.length)
    say(`is complete with ${found.length} of ${names.length} hosts`);

  const ranked: string[] = [];
  let cursor: string | undefined;
  do {
    const page = must(await store.ranking(sweepId, { limit: 100, ...(cursor !== undefined && { cursor }) }));
    ranked.push(...page.rows.map(({ host }) => host));
    cursor = page.cursor;
  } while (cursor !== undefined);
  const wanted = found.map((name) => writtenHost(sweepId, name)).sort(compareWorstFirst);
  if (
    !isDeepStrictEqual(
      ranked,
      wanted.map(({ host }) => host),
    )
  )
    say(`the ranking has ${ranked.length} hosts, or not in order`);

  for (const name of names) {
    const { findings, unreadable: broken } = must(await store.findings(name, { limit: 1000 }));
    for (const { what, why } of broken) say(`the finding of ${name} in ${what} cannot be read: ${why}`);
    const own = findings.filter((finding) => finding.sweepId === sweepId);
    if (own.length !== (inRows.has(name) ? 1 : 0)) say(`${name} has ${own.length} findings`);
    if (own[0] && !isDeepStrictEqual(own[0].host, writtenHost(sweepId, name))) say(`the finding of ${name} is another`);
  }
  return wrong;
}
