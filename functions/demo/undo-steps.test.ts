import { describe, expect, test } from 'vitest';
import type { Remains } from './remains.ts';
import { byHand, takenAway, undoSteps } from './undo-steps.ts';

const NOTHING: Remains = { processes: [], mountpoints: [], loops: [] };
const ALL: Remains = {
  group: '/sys/fs/cgroup/blkio/whodisk-demo-1',
  processes: [17, 18],
  limit: { file: '/sys/fs/cgroup/blkio/whodisk-demo-1/blkio.throttle.write_bps_device', text: '7:0 0' },
  mountpoints: ["/tmp/it's/whodisk-demo-1/load"],
  loops: ['/dev/loop1', '/dev/loop0'],
  folder: "/tmp/it's/whodisk-demo-1",
};

describe('what is there of a demo', () => {
  test('is taken away from the limit to the folder: a slow disk holds up all that waits for it', () => {
    expect(undoSteps(ALL).map(byHand)).toEqual([
      "echo '7:0 0' > /sys/fs/cgroup/blkio/whodisk-demo-1/blkio.throttle.write_bps_device",
      'kill -9 17',
      'kill -9 18',
      "umount '/tmp/it'\\''s/whodisk-demo-1/load'",
      'losetup -d /dev/loop1',
      'losetup -d /dev/loop0',
      'rmdir /sys/fs/cgroup/blkio/whodisk-demo-1',
      "rm -r '/tmp/it'\\''s/whodisk-demo-1'",
    ]);
    expect(undoSteps(NOTHING)).toEqual([]);
  });

  test('never includes what somebody else has mounted in its folder, and stays as it is until that is gone', () => {
    expect(undoSteps({ ...ALL, foreign: '/tmp/whodisk-demo-1/home' }).slice(3)).toEqual([
      { kind: 'wait-for-foreign', mountpoint: '/tmp/whodisk-demo-1/home' },
    ]);
  });

  test('is told in one line', () => {
    expect(takenAway(undoSteps(ALL))).toBe(
      "2 processes, a mount, 2 loop devices, a control group, /tmp/it's/whodisk-demo-1",
    );
    expect(takenAway(undoSteps({ ...NOTHING, folder: '/tmp/whodisk-demo-1' }))).toBe('/tmp/whodisk-demo-1');
    expect(takenAway([])).toBe('');
  });
});
