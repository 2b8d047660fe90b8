/**
 * The places in lists that clients go on from. A cursor is opaque to them, and belongs to one list: given to another, or changed, it is
 * refused instead of giving a page that nobody asked for. Nothing secret is in it, and the worst that a forged one does is to begin elsewhere.
 */
import { createHash } from 'node:crypto';

/**
 * @param list what the page is of, with all that chooses its entries, such as ['ranking', ID, 'saturated']
 * @param place what the store goes on from
 */
export function cursorAt(list: readonly string[], place: string): string {
  return Buffer.from(`${sumOf(list, place)}${place}`).toString('base64url');
}

/** undefined where it is not one that this list gave out. */
export function placeOf(list: readonly string[], cursor: string): string | undefined {
  if (!/^[A-Za-z0-9_-]+$/.test(cursor)) return undefined;
  const text = Buffer.from(cursor, 'base64url').toString();
  const place = text.slice(SUM_DIGITS);
  // Written again, so that no two texts are the same cursor.
  return cursorAt(list, place) === cursor ? place : undefined;
}

const SUM_DIGITS = 16;

const sumOf = (list: readonly string[], place: string): string =>
  createHash('sha256')
    .update(JSON.stringify([list, place]))
    .digest('hex')
    .slice(0, SUM_DIGITS);
