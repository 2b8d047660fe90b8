import type { Context } from 'aws-lambda';
import { describe, expect, test } from 'vitest';

const ENTRIES = {
  api: () => import('./api.ts'),
  chat: () => import('./chat.ts'),
  schedule: () => import('./schedule.ts'),
  config: () => import('./config.ts'),
  plan: () => import('./plan.ts'),
  worker: () => import('./worker.ts'),
  finish: () => import('./finish.ts'),
  deadletter: () => import('./deadletter.ts'),
  watchdog: () => import('./watchdog.ts'),
};

describe('the entry file of a function', () => {
  test.each(Object.entries(ENTRIES))(
    '%s can be imported anywhere, and says first which of its variables are missing',
    async (_, load) => {
      const { handler } = (await load()) as { handler: (event: unknown, context: Context) => Promise<unknown> };
      await expect(handler({ Records: [] }, {} as Context)).rejects.toThrow('WHODISK_TABLE');
    },
    30_000,
  );
});
