/** Work that is waited for only so long. */

/** What the work comes to, or 'late' where that is not known in `limitMs`; the work goes on. Rejects where the work does, in time. */
export async function inTime<Result>(work: Promise<Result>, limitMs: number): Promise<Result | 'late'> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), limitMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
