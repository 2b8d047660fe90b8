/** Something that is done again and again, never twice at the same time. */
export interface Repeated {
  /** Begins no more of it, and waits for what is under way. */
  stop(): Promise<void>;
}

/** @param act is to be done first after `ms`. Never rejects */
export function every(ms: number, act: () => Promise<void>): Repeated {
  let running: Promise<void> | undefined;
  const timer = setInterval(() => {
    running ??= act().finally(() => {
      running = undefined;
    });
  }, ms);
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}
