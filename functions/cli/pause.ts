/** A wait that says how long it still is. */

const SECOND_MS = 1000;

/** Until the time is over or the signal comes, telling every second how many are left. */
export async function pause(seconds: number, signal: AbortSignal, tell: (secondsLeft: number) => void): Promise<void> {
  const endMs = performance.now() + seconds * SECOND_MS;
  for (;;) {
    const leftMs = endMs - performance.now();
    if (leftMs <= 0 || signal.aborted) return;
    tell(Math.ceil(leftMs / SECOND_MS));
    let timer: NodeJS.Timeout | undefined;
    let wake = (): void => {};
    await new Promise<void>((resolve) => {
      wake = resolve;
      timer = setTimeout(resolve, leftMs % SECOND_MS || SECOND_MS);
      signal.addEventListener('abort', wake, { once: true });
    });
    clearTimeout(timer);
    signal.removeEventListener('abort', wake);
  }
}
