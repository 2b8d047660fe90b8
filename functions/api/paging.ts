/** Pages of a list: where one begins, and what the next one goes on from. */
import type { Context } from 'hono';
import type { StoreProblem } from '../store/problem.ts';
import { cursorAt, placeOf } from './cursor.ts';
import { problem } from './problem.ts';
import { storeProblem } from './store-problem.ts';

/** A cursor that this list did not give out. Tell it from a place with `instanceof`. */
export class BadCursor {}

/** @param list as for cursorAt @returns undefined for the first page */
export function placeIn(list: readonly string[], cursor: string | undefined): string | undefined | BadCursor {
  return cursor === undefined ? undefined : (placeOf(list, cursor) ?? new BadCursor());
}

export function badCursor(c: Context) {
  const detail = 'Give the nextCursor of the page before, with the same parameters, or begin again without a cursor.';
  return problem(c, 'bad-cursor', detail, { errors: [{ path: 'cursor', message: 'not one that this list gave out' }] });
}

/** @param place absent on the last page */
export const nextCursor = (list: readonly string[], place: string | undefined): { nextCursor?: string } =>
  place === undefined ? {} : { nextCursor: cursorAt(list, place) };

/** Why a page cannot be had: a cursor that was forged with care is one that only the store can tell. */
export function pageProblem(c: Context, why: StoreProblem) {
  return why.kind === 'bad-cursor' ? badCursor(c) : storeProblem(c, why);
}
