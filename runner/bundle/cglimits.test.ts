import { expect, test } from 'vitest';
import { parseCgroupLimits } from './cglimits.ts';

test('a limit is known with the file that says it, in either version', () => {
  const text = [
    '/sys/fs/cgroup/system.slice/db.service/io.max:8:16 rbps=max wbps=2097152 riops=max wiops=max',
    '/sys/fs/cgroup/blkio/batch/blkio.throttle.write_bps_device:8:0 1048576',
    '/sys/fs/cgroup/memory/batch/memory.limit_in_bytes:67108864',
    '/sys/fs/cgroup/memory/batch/memory.usage_in_bytes:1024',
  ].join('\n');
  expect([...parseCgroupLimits(text)]).toEqual([
    [
      '/sys/fs/cgroup/system.slice/db.service',
      {
        io: [
          {
            number: '8:16',
            direction: 'write',
            of: 'bytes',
            perSecond: 2_097_152,
            file: '/sys/fs/cgroup/system.slice/db.service/io.max',
          },
        ],
      },
    ],
    [
      '/sys/fs/cgroup/blkio/batch',
      {
        io: [
          {
            number: '8:0',
            direction: 'write',
            of: 'bytes',
            perSecond: 1_048_576,
            file: '/sys/fs/cgroup/blkio/batch/blkio.throttle.write_bps_device',
          },
        ],
      },
    ],
    [
      '/sys/fs/cgroup/memory/batch',
      {
        io: [],
        memoryLimitBytes: 67_108_864,
        memoryLimitFile: '/sys/fs/cgroup/memory/batch/memory.limit_in_bytes',
        memoryBytes: 1024,
      },
    ],
  ]);
});
