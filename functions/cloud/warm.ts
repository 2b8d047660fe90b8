/** What a function makes once and keeps while it is warm. */

/** Begun by the first who asks; where it fails, the next who asks begins it again. */
export function warm<T>(start: () => Promise<T>): () => Promise<T> {
  let kept: Promise<T> | undefined;
  return async () => {
    kept ??= start();
    try {
      return await kept;
    } catch (error) {
      kept = undefined;
      throw error;
    }
  };
}
