/** Whether a large sweep told the truth of each host, once. Every function answers with what is wrong, nothing where all is right. */
import pLimit from 'p-limit';
import type { Store } from '../../functions/store/store.ts';
import { answerOf, type ExpectedCulprit } from '../bench/fanout-answers.ts';
import { recordedFrames } from '../bench/replay-host.ts';
import { must } from '../store/embedded.ts';
import type { Cloud } from './cloud-site.ts';

export interface ScaleSweep {
  readonly id: string;
  readonly names: readonly string[];
  /** Those whose workers all died. */
  readonly lost: ReadonlySet<string>;
  readonly token: string;
}

export interface RankedRow {
  readonly host: string;
  readonly status: string;
  readonly verdict: string;
  readonly score: number;
}

/** By the API, page by page. */
export async function rankingOf(cloud: Cloud, { id, token }: ScaleSweep): Promise<RankedRow[]> {
  const rows: RankedRow[] = [];
  for (let cursor: string | undefined; ; ) {
    const query = `?limit=1000${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await cloud.request(`/v1/sweeps/${id}/ranking${query}`, { headers });
    const page = (await answer.json()) as { rows?: RankedRow[]; nextCursor?: string };
    if (page.rows === undefined) throw new Error(`no page of the ranking: ${JSON.stringify(page)}`);
    rows.push(...page.rows);
    cursor = page.nextCursor;
    if (cursor === undefined) return rows;
  }
}

/** Each host has one place, those that are lost are named as lost, the others are saturated, and nobody is above who is worse. */
export function wrongInRanking(rows: readonly RankedRow[], { names, lost }: ScaleSweep): string[] {
  const places = new Map<string, number>();
  for (const { host } of rows) places.set(host, (places.get(host) ?? 0) + 1);
  const counts = names.flatMap((name) =>
    places.get(name) === 1 ? [] : [`${name} has ${places.get(name) ?? 0} places`],
  );
  const known = new Set(names);
  const strangers = [...places.keys()].filter((name) => !known.has(name)).map((name) => `${name} is a stranger`);
  const standings = rows.flatMap(({ host, status, verdict }) => {
    const right = lost.has(host) ? 'not-swept, inconclusive' : 'swept, saturated';
    return `${status}, ${verdict}` === right ? [] : [`${host} is ${status}, ${verdict}, not ${right}`];
  });
  const order = rows.flatMap(({ host, score }, index) =>
    score <= (rows[index - 1]?.score ?? 100) ? [] : [`${host} stands too low`],
  );
  return [...counts, ...strangers, ...standings, ...order];
}

/** What is wrong, each kind once, with how many hosts and the first of them. */
export function folded(wrong: readonly string[]): string[] {
  const kinds = new Map<string, { first: string; count: number }>();
  for (const what of wrong) {
    const kind = what.replace(/host-\d+/gu, 'HOST').replace(/\d+/gu, 'N');
    const known = kinds.get(kind) ?? { first: what, count: 0 };
    kinds.set(kind, { ...known, count: known.count + 1 });
  }
  return [...kinds.values()].map(({ first, count }) => (count === 1 ? first : `${first} (${count} like it)`));
}

/** Each host has exactly one finding, with the culprit of its own answer; a lost one is named in the sweep as lost. */
export async function wrongInFindings(store: Store, { id, names, lost }: ScaleSweep): Promise<string[]> {
  const recorded = recordedFrames();
  const limit = pLimit(READS_AT_A_TIME);
  const wrong = names.map((name, host) =>
    limit(async () => {
      if (lost.has(name)) {
        const finding = must(await store.finding(id, name));
        return finding?.failure?.kind === 'lost' ? [] : [`${name} is not named as lost: ${JSON.stringify(finding)}`];
      }
      const { findings, unreadable } = must(await store.findings(name, { limit: 10 }));
      const [finding] = findings;
      if (findings.length !== 1 || unreadable.length > 0 || finding?.sweepId !== id) {
        return [`${name} has ${findings.length} findings, ${unreadable.length} of which nobody can read`];
      }
      const { status, failure } = finding.host;
      if (status !== 'swept') return [`${name} is ${status}: ${failure?.phase}, ${failure?.kind}: ${failure?.message}`];
      const [disk] = finding.host.disks;
      const [culprit] = disk?.culprits ?? [];
      return differencesOf(name, answerOf(recorded, host).expected, {
        device: disk?.device,
        pid: culprit?.pid ?? undefined,
        command: culprit?.command,
        program: culprit?.program,
        unit: culprit?.unit,
        path: culprit?.files[0]?.path,
      });
    }),
  );
  return (await Promise.all(wrong)).flat();
}

type Named = { readonly [Field in keyof ExpectedCulprit]: ExpectedCulprit[Field] | undefined };

function differencesOf(name: string, expected: ExpectedCulprit, named: Named): string[] {
  return Object.entries(expected).flatMap(([field, value]) => {
    const got = named[field as keyof Named];
    return got === value ? [] : [`${name}: ${field} is ${got}, not ${value}`];
  });
}

const READS_AT_A_TIME = 16;
