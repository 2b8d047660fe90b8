/** Each signed request counts once, in whichever process it comes a second time. */
import { randomUUID } from 'node:crypto';
import { StoreProblem } from '../store/problem.ts';
import type { Store } from '../store/store.ts';

/** Longer than a signature is good for, whichever way the clocks differ. */
const KEPT_MS = 600_000;

/** @param signature that was found good @returns whether it comes for the first time */
export async function isFirst(signature: string, store: Store, nowMs: number): Promise<boolean | StoreProblem> {
  const holder = randomUUID();
  const answer = await store.claim(`slack#${signature}`, holder, nowMs + KEPT_MS);
  return answer instanceof StoreProblem ? answer : answer.holder === holder;
}
