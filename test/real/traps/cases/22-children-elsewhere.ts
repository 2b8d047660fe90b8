import { run } from '../../../lab/kernel.ts';
import type { TrapCase } from '../trap-case.ts';
import { FIFTY_CHILDREN } from './22-short-lived-children.ts';
import { SATURATED } from './saturated.ts';

const MIB = 1024 * 1024;

/** FILE FOLDER: copies a file again and again, by a child each. */
export const COPY_AGAIN = `i=0
while :; do
  cp "$1" "$2/copy-$i"
  i=$(((i + 1) % 20))
  sleep 0.2
done
`;

export const childrenElsewhere: TrapCase = {
  name: '22-children-elsewhere',
  traps: [4, 22],
  situation:
    'fifty short-lived children write to the saturated disk; those of another parent write more, to another one',
  setup: async (stage) => {
    run('dd', 'if=/dev/urandom', `of=${stage.inMemory('part')}`, 'bs=1M', 'count=12', 'status=none');
    await stage.shell('elsewhere', COPY_AGAIN, [stage.inMemory('part'), stage.healthy.mountpoint], { group: true });
    await stage.shell('children', FIFTY_CHILDREN, [stage.slow.mountpoint], { group: true });
    await stage.untilBusy();
  },
  premise: { ...SATURATED, otherWriteBytesPerSecond: { atLeast: 15 * MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'children', as: 'group', activity: ['buffered-write'] }],
  },
};
