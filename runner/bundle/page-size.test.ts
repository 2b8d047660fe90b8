import { expect, test } from 'vitest';
import { suspect } from '../../test/host-samples.ts';
import { pageBytesOf } from './page-size.ts';

const holding = (residentBytes: number, residentPagesBefore: number) =>
  suspect(10, [], {
    residentBytes,
    spent: {
      cpuTicks: 0,
      childCpuTicks: 0,
      majorFaults: 0,
      residentPagesBefore,
      residentPagesAfter: residentPagesBefore,
    },
  });
const KB = 1024;

test('a page of x86 is 4 KB, whatever a process says', () => {
  expect(pageBytesOf('x86_64', [holding(64_000 * KB, 1000)])).toBe(4 * KB);
  expect(pageBytesOf('i686', [])).toBe(4 * KB);
});

test.each([4, 16, 64])('elsewhere a process tells that it is %i KB, a few pages more or less', (size) => {
  expect(pageBytesOf('aarch64', [holding(size * 1000 * KB, 1040), holding(size * 200 * KB, 190)])).toBe(size * KB);
});

test('where nothing tells, or not all the same, nothing is said', () => {
  expect(pageBytesOf('aarch64', [])).toBeUndefined();
  expect(pageBytesOf('aarch64', [suspect(10, [])])).toBeUndefined();
  expect(pageBytesOf('aarch64', [holding(0, 0), holding(9000 * KB, 1000)])).toBeUndefined();
  expect(pageBytesOf('aarch64', [holding(4000 * KB, 1000), holding(64_000 * KB, 1000)])).toBeUndefined();
});
