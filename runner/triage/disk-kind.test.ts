import { describe, expect, test } from 'vitest';
import { fairLatencyMs, kindOf } from './disk-kind.ts';

const block = (name: string, more = {}) => ({ name, slaves: [], partitions: new Map<string, string>(), ...more });

describe('kindOf', () => {
  test.each([
    ['sda', { rotational: true }, 'hdd'],
    ['sda', { rotational: false }, 'ssd'],
    ['sda', { rotational: true, model: 'QEMU HARDDISK' }, 'virtual'],
    ['sda', { rotational: true, model: 'Virtual disk' }, 'virtual'],
    ['vda', { rotational: true }, 'virtual'],
    ['ubda', {}, 'virtual'],
    ['nvme0n1', { rotational: false }, 'nvme'],
    ['nvme1n1', { rotational: false, model: 'Amazon Elastic Block Store' }, 'virtual'],
    ['loop3', { rotational: true }, 'loop'],
    ['zram0', { rotational: false }, 'memory'],
    ['nbd0', { rotational: false }, 'network'],
    ['sda', {}, 'unknown'],
  ])('%s with %j is %s', (name, more, kind) => {
    expect(kindOf(name, block(name, more))).toBe(kind);
  });

  test('a device of which nothing was read is of unknown kind, not a hard disk', () => {
    expect(kindOf('sda', undefined)).toBe('unknown');
  });
});

test('what is fair grows with the request and shrinks with the kind', () => {
  expect(fairLatencyMs('hdd', 1_000_000)).toBeGreaterThan(fairLatencyMs('hdd', 4096));
  expect(fairLatencyMs('nvme', 4096)).toBeLessThan(fairLatencyMs('ssd', 4096));
  expect(fairLatencyMs('ssd', 4096)).toBeLessThan(fairLatencyMs('hdd', 4096));
});
