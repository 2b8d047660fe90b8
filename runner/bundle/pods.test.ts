import { expect, test } from 'vitest';
import { podUidOf } from '../proc/cgroup.ts';
import { parsePods } from './pods.ts';

const UID = '8f2d1c3e-77aa-4f11-9d0e-0c1b2a3d4e5f';

test('the folder of its logs tells the name of a pod', () => {
  expect(parsePods(`/var/log/pods/shop_web-0_${UID}\n/var/log/pods/other\n`)).toEqual(new Map([[UID, 'shop/web-0']]));
});

test('a static pod has a hash for a uid', () => {
  const hash = '0c1b2a3d4e5f8f2d1c3e77aa4f119d0e';
  expect(parsePods(`/var/log/pods/kube-system_etcd-node1_${hash}`)).toEqual(
    new Map([[hash, 'kube-system/etcd-node1']]),
  );
  expect(podUidOf(`/kubepods.slice/kubepods-burstable-pod${hash}.slice/cri-containerd-c0ffee.scope`)).toBe(hash);
});

test.each(['', '/var/log/pods/*', `/var/log/pods/shop_web_${UID}/x`, `/etc/shop_web_${UID}`])(
  'no pod in %j',
  (text) => {
    expect(parsePods(text).size).toBe(0);
  },
);

test.each([
  `/kubepods/besteffort/pod${UID}/c0ffee`,
  `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${UID.replaceAll('-', '_')}.slice/cri-containerd-c0ffee.scope`,
])('a cgroup names the pod: %s', (path) => expect(podUidOf(path)).toBe(UID));

test('any other does not', () => expect(podUidOf('/system.slice/pod.service')).toBeUndefined());
