/**
 * What is too big for plain attributes: JSON, compressed, and cut where it is larger than an item of DynamoDB may be (400 KB).
 *
 * gzip at level 1, not higher: a finding of 30 KB takes a third of a millisecond, and nine out of ten of its bytes are saved either way.
 */
import { createHash } from 'node:crypto';
import { constants, gunzipSync, gzipSync } from 'node:zlib';

/** A body as it is stored, and how to tell that its parts belong together. */
export interface Packed {
  /** One, or several parts of at most MOST_PART_BYTES, in order. */
  readonly parts: readonly Uint8Array[];
  /** SHA-256 of the parts together, in hex; '' where there is only one. */
  readonly hash: string;
}

/** @returns undefined for what is larger than anything read back: see MOST_JSON_BYTES */
export function pack(value: unknown): Packed | undefined {
  const json = Buffer.from(JSON.stringify(value));
  if (json.length > MOST_JSON_BYTES) return undefined;
  const bytes = gzipSync(json, { level: constants.Z_BEST_SPEED });
  if (bytes.length <= MOST_PART_BYTES) return { parts: [bytes], hash: '' };
  const parts: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += MOST_PART_BYTES) parts.push(bytes.subarray(at, at + MOST_PART_BYTES));
  return { parts, hash: hashOf(parts) };
}

/** Damage is a value: what is wrong, for the sentence "the finding of HOST cannot be read: …". */
export function unpack(parts: readonly Uint8Array[], hash: string): { value: unknown } | { damage: string } {
  if (parts.length > 1 && hashOf(parts) !== hash) return { damage: 'its parts do not fit together' };
  try {
    const json = gunzipSync(Buffer.concat(parts), { maxOutputLength: MOST_JSON_BYTES });
    return { value: JSON.parse(json.toString()) };
  } catch (error) {
    return { damage: error instanceof Error ? error.message : String(error) };
  }
}

function hashOf(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** Below an item's 400 KB with its keys and other attributes. */
export const MOST_PART_BYTES = 350 * 1024;
/** A host's whole answer is capped at a megabyte before it is parsed. What claims to inflate to more was not written by us. */
const MOST_JSON_BYTES = 32 * 1024 * 1024;
/** So that a forged count of parts asks for a bounded number of items. */
export const MOST_PARTS = Math.ceil(MOST_JSON_BYTES / MOST_PART_BYTES) + 1;
