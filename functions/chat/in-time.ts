/** Slack gives up after three seconds: https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response. */

/** What the work comes to, or 'late' where that is not known in time; the work goes on. */
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
