/** What is said once, whoever says it: two processes on one store, and one that comes back after it was killed. */
import { randomUUID } from 'node:crypto';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';
import type { Told } from './outcome.ts';

export type Once = Told | { readonly kind: 'already' };

/**
 * Sends under a claim of half a minute (`telling#NAME`), and when it is told or given up, notes that for forty days (`told#NAME`). Who dies
 * after sending and before noting says it twice: of the two mistakes the smaller one.
 */
export async function tellOnce(
  { store, nowMs }: { readonly store: Pick<Store, 'claim' | 'claimed' | 'release'>; readonly nowMs: () => number },
  name: string,
  send: () => Promise<Told>,
): Promise<Once> {
  const me = randomUUID();
  const turn = await store.claim(`telling#${name}`, me, nowMs() + TURN_MS);
  if (turn instanceof StoreProblem) return { kind: 'again', message: turn.message };
  const before = await store.claimed(`told#${name}`);
  if (before instanceof StoreProblem) return { kind: 'again', message: before.message };
  if (before !== undefined) return { kind: 'already' };
  if (turn.holder !== me) return { kind: 'again', message: 'It is just being told.' };
  const told = await send();
  if (told.kind !== 'again') {
    const noted = await store.claim(`told#${name}`, me, nowMs() + NOTED_MS);
    // The turn is kept to its end then, so that whoever tries again at once does not say it again.
    if (noted instanceof StoreProblem) return told;
  }
  await store.release(`telling#${name}`, me);
  return told;
}

/** Longer than a message takes (post.ts). */
const TURN_MS = 30_000;
/** Longer than a sweep's job is open, and than findings are kept by default. */
const NOTED_MS = 40 * 86_400_000;
