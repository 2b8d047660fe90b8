import { startContainer } from '../container.ts';
import type { GuestCase } from '../trap-case.ts';

const MIB = 1024 * 1024;
const POD = '0d9c1f6e-52b7-4a0e-9a43-7f5be1c2d318';
const ID = '9be2d41c70f3a65582de0c94b7f61a3d5e08c7b29f4416a3d0587ce1f2b3a490';
const SCRIPT = `for i in 1 2 3; do
  dd if=/dev/zero of=/var/log/part-$i bs=1M count=300 &
done
wait`;

export const pod: GuestCase = {
  name: '25-pod',
  traps: [],
  situation: 'three workers in a container of a Kubernetes pod write to its layer; no one of them alone is the load',
  setup: async (guest) => {
    guest.slow(6);
    // The kubelet keeps the logs of a pod there; nothing else on a host tells its name.
    await guest.run(`mkdir -p /var/log/pods/shop_orders-5c8d7_${POD}/app`);
    guest.afterwards('rm -r /var/log/pods');
    await startContainer(guest, 'workers', { cgroup: `/kubepods/burstable/pod${POD}/${ID}`, script: SCRIPT });
    await guest.wait(5000);
  },
  premise: { meanBusyPercent: { atLeast: 95 }, writeBytesPerSecond: { atLeast: 3 * MIB } },
  expected: {
    verdict: ['saturated'],
    blamed: [
      {
        role: 'workers',
        as: 'group',
        activity: ['buffered-write'],
        path: /^\/var\/log\/part-\d$/,
        container: /^9be2d41c70f3/,
        pod: /^shop\/orders-5c8d7$/,
        measured: true,
      },
    ],
  },
};
