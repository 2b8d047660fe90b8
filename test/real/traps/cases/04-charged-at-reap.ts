import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

const SCRIPT = `i=0
while :; do
  gzip -1 -c "$1" >"$2/part-$i.gz"
  i=$(((i + 1) % 24))
done
`;

export const chargedAtReap: TrapCase = {
  name: '04-charged-at-reap',
  traps: [4],
  situation:
    'a shell packs one file after the other with gzip and is charged with what each gzip has done when it ends',
  setup: async (stage) => {
    run('dd', 'if=/dev/urandom', `of=${stage.inMemory('part')}`, 'bs=1M', 'count=24', 'status=none');
    stage.slow.setRate(8 * 1024 * 1024);
    await stage.shell('packers', SCRIPT, [stage.inMemory('part'), stage.slow.mountpoint], { group: true });
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'packers', as: 'group', activity: ['buffered-write'] }],
  },
};
