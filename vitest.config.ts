import { defineConfig } from 'vitest/config';
import { SkippedByName, startRecordOfSkipped } from './test/skipped-by-name.ts';

startRecordOfSkipped();

export default defineConfig({
  test: {
    reporters: ['default', new SkippedByName()],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['runner/**/*.test.ts', 'functions/**/*.test.ts', 'test/**/*.test.ts'],
          exclude: ['test/real/**'],
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'real',
          include: ['test/real/**/*.test.ts'],
          // These saturate disks and measure: one at a time, and never beside the unit tests.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
