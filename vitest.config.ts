import { defineConfig } from 'vitest/config';
import { SkippedByName, startRecordOfSkipped } from './test/skipped-by-name.ts';

startRecordOfSkipped();

/** What says the same on every version of Node, since it looks at sources or at a template, or waits for the minutes of a clock. */
const SAME_ON_EVERY_NODE = ['test/boundaries*.test.ts', 'test/infra/**', 'test/real/schedules.test.ts'];
// For a second version of Node, where the first has run everything.
const leftOut = process.env['WHODISK_TEST_OF_NODE'] === '1' ? SAME_ON_EVERY_NODE : [];

/** These saturate disks and measure: one after the other, and never beside the unit tests. */
const ONE_AT_A_TIME = { fileParallelism: false, testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    reporters: ['default', new SkippedByName()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['runner/**/*.test.ts', 'functions/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/real/**', ...leftOut],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          exclude: ['test/real/traps/**', ...leftOut],
          sequence: { groupOrder: 1 },
          ...ONE_AT_A_TIME,
        },
      },
      {
        test: {
          // Last: what must hold while these measure holds best where nothing else goes on any more.
          name: 'traps',
          include: ['test/real/traps/**/*.test.ts'],
          exclude: leftOut,
          sequence: { groupOrder: 2 },
          ...ONE_AT_A_TIME,
        },
      },
    ],
  },
});
