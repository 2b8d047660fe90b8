/** What the trap bed needs: the slow disk, sshd, the peers, and the real programs that load the disk. */
import { SLOW_DISK_NEEDS } from '../../lab/slow-disk.ts';
import { UML_NEEDS } from '../../lab/uml-base.ts';
import type { Need } from '../../need-providers.ts';
import { SSHD_NEEDS } from '../sshd.ts';
import { PEER_NEEDS } from './peers.ts';

export const TRAP_NEEDS: readonly Need[] = [
  ...SLOW_DISK_NEEDS,
  ...SSHD_NEEDS,
  ...PEER_NEEDS,
  'default-jdk-headless',
  'fio',
  'gzip',
  'postgresql',
  'procps',
  'rsync',
  'sqlite3',
  'tar',
  'util-linux',
];

/** What the cases on User-Mode Linux hosts need. */
export const GUEST_NEEDS: readonly Need[] = [...UML_NEEDS, 'busybox'];
