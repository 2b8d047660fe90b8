import type { GuestCase } from '../trap-case.ts';

/** Server and client are the same host, and version 4 needs no portmapper. */
const MOUNTED = `modprobe nfsd && modprobe nfsv4
mkdir -p /data/export /net
dd if=/dev/zero of=/data/export/archive bs=1M count=8
mount -t nfsd nfsd /proc/fs/nfsd
touch /var/lib/nfs/etab /var/lib/nfs/rmtab
exportfs -o rw,fsid=0,no_root_squash,insecure,async 127.0.0.1:/data/export
rpc.mountd -N 3
rpc.nfsd -N 3 2
mount -i -t nfs4 -o vers=4.2,addr=127.0.0.1,clientaddr=127.0.0.1,hard 127.0.0.1:/ /net`;
/** Its log is open all the time; past the page cache, so that nothing is left to be written when all is over. */
const REPORTS = `exec 3<>/net/report
while :; do
  dd if=/dev/zero bs=64k count=8 oflag=direct conv=notrunc >&3
  sleep 0.1
done`;

export const networkMount: GuestCase = {
  name: '26-network-mount',
  traps: [],
  situation:
    'a server of NFS has stopped; who works on its mount waits in the kernel as if for a disk, and no disk works',
  setup: async (guest) => {
    await guest.run(MOUNTED);
    // umount takes the mount away at once, and then waits for the server to say goodbye.
    guest.afterwards('timeout 3 umount -c -f -l /net; exportfs -ua; pkill -x rpc.mountd; umount /proc/fs/nfsd');
    await guest.start('reports', REPORTS, { group: true });
    await guest.wait(1000);
    await guest.run('rpc.nfsd 0');
    await guest.start('reader', 'exec cat /net/archive');
    await guest.wait(3000);
  },
  premise: { meanBusyPercent: { atMost: 20 }, blockedBefore: { atLeast: 2 }, blockedAfter: { atLeast: 2 } },
  expected: { verdict: ['healthy'], blamed: [], says: /network .*file system that does not answer \(\/net\)/ },
};
