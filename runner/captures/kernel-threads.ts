/**
 * Kernel threads by their names, for want of PF_KTHREAD: workers (kernel/workqueue.c), journals (fs/jbd2/journal.c), writeback
 * (fs/fs-writeback.c), memory (mm/vmscan.c), layers and file systems.
 */
const NAMES = [
  /^kworker\/\S+$/u,
  /^(?:jbd2\/\S+-\d+|kjournald)$/u,
  /^(?:flush-\d+:\d+|pdflush|bdi-default)$/u,
  /^(?:kswapd|kcompactd|khugepaged|ksmd|kdevtmpfs|kthreadd)\d*$/u,
  /^(?:loop\d+|md\d+_\S+|dmcrypt_write\S*|kdmflush\S*|bcache\S*|drbd\S+|nbd\d+)$/u,
  /^(?:xfsaild\/\S+|xfs-\S+|xfs_\S+|btrfs-\S+|f2fs_\S+|txg_sync|z_wr_\S+|z_rd_\S+|nfsd|rpciod|xprtiod)$/u,
  /^(?:ksoftirqd|migration|watchdog|cpuhp|rcu\w*|scsi_eh_\d+|scsi_tmf_\d+|irq)(?:\/\S+)?$/u,
];

export const isKernelThreadName = (name: string): boolean => NAMES.some((pattern) => pattern.test(name));
