import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findBlockGroups, groupsProblem, limitText } from './block-groups.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'whodisk-groups-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const V1 = '31 22 0:27 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio\n';
const V2 = '32 22 0:28 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n';

test('control groups that limit I/O are those of version 1 where it has blkio, else those of version 2', () => {
  expect(findBlockGroups(V2 + V1)).toEqual({ version: 1, root: '/sys/fs/cgroup/blkio' });
  expect(findBlockGroups(V2)).toEqual({ version: 2, root: '/sys/fs/cgroup/unified' });
  expect(findBlockGroups('31 22 0:27 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n')).toBeUndefined();
});

test('they do where groups have the controller; where root has not switched it on, the command is named', () => {
  const groups = { version: 2, root } as const;
  writeFileSync(join(root, 'cgroup.controllers'), 'cpu io memory\n');
  writeFileSync(join(root, 'cgroup.subtree_control'), 'cpu io memory\n');
  expect(groupsProblem(groups)).toBeUndefined();
  writeFileSync(join(root, 'cgroup.subtree_control'), 'cpu iorder memory\n');
  expect(groupsProblem(groups)).toContain(`echo +io > ${root}/cgroup.subtree_control`);
  writeFileSync(join(root, 'cgroup.controllers'), 'cpu memory\n');
  expect(groupsProblem(groups)).toContain('no control groups that limit I/O');
});

test('they do not where the kernel does not throttle', () => {
  const groups = { version: 1, root } as const;
  mkdirSync(join(root, 'system.slice'));
  expect(groupsProblem(groups)).toContain('no control groups that limit I/O');
  writeFileSync(join(root, 'blkio.throttle.write_bps_device'), '');
  expect(groupsProblem(groups)).toBeUndefined();
  expect(groupsProblem(undefined)).toContain('no control groups that limit I/O');
});

test('a limit is set and lifted in the words of each version', () => {
  expect([limitText(1, '7:0', 4096), limitText(1, '7:0', undefined)]).toEqual(['7:0 4096', '7:0 0']);
  expect([limitText(2, '7:0', 4096), limitText(2, '7:0', undefined)]).toEqual(['7:0 wbps=4096', '7:0 wbps=max']);
});
