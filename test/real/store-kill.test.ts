/** The holder of the store is killed while it and others write; `npm run bench:kill` does the same a hundred times. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { buildProgram, type Program } from '../store/build-program.ts';
import { violationsOf } from '../store/check-stored.ts';
import { type StoreSite, storeSite } from '../store/embedded.ts';
import { killRound } from '../store/kill-round.ts';

const need = needs('linux');

describe.skipIf(need.skip)('kill -9 of the process that holds the store, in mid-write', () => {
  let program: Program;
  let site: StoreSite;
  beforeAll(async () => {
    program = await buildProgram(new URL('../store/writer.ts', import.meta.url));
    site = storeSite();
  });
  afterAll(async () => {
    await site.end();
    program.remove();
  });

  it.each([1, 2, 3, 4, 5])(
    'costs nothing that was acknowledged, doubles nothing and shows no half sweep as complete (%i)',
    async (round) => {
      const { writers, killed, failures } = await killRound(program.file, site.folder, `r${round}`);
      expect(killed).toBeGreaterThan(0);
      expect(failures).toEqual([]);
      const store = await site.open();
      expect(await violationsOf(store, writers)).toEqual([]);
      expect(store.notes()).toEqual([]);
      await store.close();
    },
  );
});
