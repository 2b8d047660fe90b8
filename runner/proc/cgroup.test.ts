import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readFixture } from '../../test/fixtures/read-fixture.ts';
import { almostLines, HOSTILE_LINES } from '../../test/hostile-lines.ts';
import { parseCgroup } from './cgroup.ts';

const id = '5f0c9a7e4b1d2c3f8e6a5b4c3d2e1f005f0c9a7e4b1d2c3f8e6a5b4c3d2e1f00';
const short = id.slice(0, 12);
const pod = 'kubepods-burstable-pod8f2d1c3e_77aa_4f11_9d0e_0c1b2a3d4e5f.slice';

describe('parseCgroup', () => {
  test('v2: the unit at the end of the path', () => {
    expect(parseCgroup(['0::/system.slice/logger.service'])).toEqual({
      path: '/system.slice/logger.service',
      unit: 'logger.service',
    });
  });

  test('v1: the hierarchy of systemd, whatever the order', () => {
    expect(parseCgroup(readFixture('3.10', 'cgroup').split('\n'))).toEqual({
      path: '/system.slice/rsyslog.service',
      unit: 'rsyslog.service',
    });
  });

  test('hybrid: a bare unified line says nothing, the v1 line does', () => {
    expect(parseCgroup(['4:blkio:/', '1:name=systemd:/system.slice/cron.service', '0::/'])?.unit).toBe('cron.service');
  });

  test.each([
    ['a user service', '/user.slice/user-1000.slice/user@1000.service/app.slice/tracker.service', 'tracker.service'],
    ['a log-in', '/user.slice/user-0.slice/session-12.scope', 'session-12.scope'],
    [
      'a template instance',
      '/system.slice/system-postgresql.slice/postgresql@15-main.service',
      'postgresql@15-main.service',
    ],
  ])('%s: the nearest unit', (_, path, unit) => {
    expect(parseCgroup([`0::${path}`])).toEqual({ path, unit });
  });

  test.each([
    ['Docker on v1', `/docker/${id}`, undefined],
    ['Docker on v2', `/system.slice/docker-${id}.scope`, undefined],
    ['Podman', `/machine.slice/libpod-${id}.scope`, undefined],
    ['Podman with a container inside', `/machine.slice/libpod-${id}.scope/container`, undefined],
    [
      'rootless Podman',
      `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`,
      'user@1000.service',
    ],
    [
      'the kubelet with containerd',
      `/kubepods.slice/kubepods-burstable.slice/${pod}/cri-containerd-${id}.scope`,
      undefined,
    ],
    ['the kubelet with CRI-O', `/kubepods.slice/${pod}/crio-${id}.scope`, undefined],
    ['the kubelet with cgroupfs', `/kubepods/besteffort/pod8f2d1c3e-77aa-4f11-9d0e-0c1b2a3d4e5f/${id}`, undefined],
    [
      'containerd on cgroupfs',
      `/system.slice/containerd.service/kubepods-x.slice:cri-containerd:${id}`,
      'containerd.service',
    ],
  ])('%s: the first 12 digits of the container', (_, path, unit) => {
    expect(parseCgroup([`0::${path}`])).toEqual({ path, container: short, ...(unit !== undefined && { unit }) });
  });

  test('a hexadecimal word that is shorter or longer is no container', () => {
    expect(parseCgroup([`0::/docker/${id.slice(1)}`])).not.toHaveProperty('container');
    expect(parseCgroup([`0::/docker/${id}0`])).not.toHaveProperty('container');
  });

  test('a process in the root has a path and no unit', () => {
    expect(parseCgroup(['0::/'])).toEqual({ path: '/' });
  });

  test('a path that holds colons is whole', () => {
    expect(parseCgroup(['0::/a:b/c.service'])).toEqual({ path: '/a:b/c.service', unit: 'c.service' });
  });

  test.each([...HOSTILE_LINES, '0:', '0::', ':: /', '-1::/a', 'NaN::/a'])('%#: no cgroup line is no cgroup', (line) => {
    expect(parseCgroup([line])).toBeUndefined();
  });

  test('no lines make it throw', () => {
    fc.assert(
      fc.property(
        almostLines('0::/a', '1:name=systemd:', `/docker/${id}`),
        (text) => void parseCgroup(text.split('\n')),
      ),
    );
  });
});
