import type { TrapCase } from '../trap-case.ts';
import { SATURATED } from './saturated.ts';

/** FOLDER. */
export const FIFTY_CHILDREN = `while :; do
  i=0
  while [ $i -lt 50 ]; do
    dd if=/dev/zero of="$1/child-$i" bs=1M count=2 status=none &
    i=$((i + 1))
  done
  wait
done
`;

export const shortLivedChildren: TrapCase = {
  name: '22-short-lived-children',
  traps: [22],
  situation: 'a shell starts fifty children at a time, each of which writes 2 MB and ends',
  setup: async (stage) => {
    await stage.shell('children', FIFTY_CHILDREN, [stage.slow.mountpoint], { group: true });
    await stage.untilBusy();
  },
  premise: SATURATED,
  expected: {
    verdict: ['saturated'],
    blamed: [{ role: 'children', as: 'group', activity: ['buffered-write'] }],
  },
};
