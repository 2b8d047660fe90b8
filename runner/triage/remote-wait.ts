/** Whether a process waits for a file system whose other end is a server or a program, not a disk of this host. */
import type { Suspect } from './samples.ts';

/** fs/nfs, net/sunrpc, fs/smb/client, fs/ceph, fs/fuse, fs/9p, fs/afs. */
const REMOTE = /^(nfs\d?_|rpc_|__rpc_|xprt_|cifs_|smb2_|ceph_|fuse_|__fuse_|request_wait_answer|v9fs_|p9_|afs_)/;

/** The function of the kernel that says so; undefined where it was met in none. */
export const remoteFunction = ({ stacks, waits }: Suspect): string | undefined =>
  stacks.flatMap(({ value }) => value).find((name) => REMOTE.test(name)) ??
  waits.find(({ value }) => REMOTE.test(value))?.value;
