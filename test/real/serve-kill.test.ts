/** `whodisk serve` is killed while sweeps run; `npm run bench:kill` does the same a hundred times. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needs } from '../needs.ts';
import { serviceViolations } from '../serve/check-service.ts';
import { killRound } from '../serve/kill-round.ts';
import { type RecordedFleet, recordedFleet } from '../serve/recorded-fleet.ts';
import { storeSite } from '../store/embedded.ts';

const need = needs('linux');

describe.skipIf(need.skip)('kill -9 of the service in mid-sweep', () => {
  let fleet: RecordedFleet;
  beforeAll(async () => {
    fleet = await recordedFleet({ hosts: 12, answerAfterMs: 1000 });
  });
  afterAll(() => fleet?.remove());

  it.each([300, 700, 1100, 1500, 1900])(
    'loses and doubles nothing: after a restart every sweep ends, every host in it once (after %i ms)',
    async (killAfterMs) => {
      const [first, second, third] = [fleet.names.slice(0, 8), fleet.names.slice(4), fleet.names.slice(0, 2)];
      const round = await killRound({ folder: fleet.folder, name: `after-${killAfterMs}`, killAfterMs }, [
        first,
        second,
        third,
      ]);
      const site = storeSite(`${fleet.folder}/state`);
      const store = await site.open();
      const known = [...earlier, ...round.asked];
      expect(await serviceViolations(store, known)).toEqual([]);
      await store.close();
      earlier.push(...round.asked);
    },
  );

  const earlier: Awaited<ReturnType<typeof killRound>>['asked'][number][] = [];
});
