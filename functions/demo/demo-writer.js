// The writer of `whodisk demo --load`: writes one file from its beginning to its end, again and again, and waits for the disk each time, so
// that the disk is never idle and never fills. Plain JavaScript: it runs as a program of its own.
//
// Arguments: the file, on a disk of the demo's own; its size in bytes; cgroup.procs of the control group to join; the pid of the demo.
// It says "written" once all of the file has been written, and ends by itself when the demo is no more, however that came about.
import { closeSync, constants, openSync, writeFileSync, writeSync } from 'node:fs';

const [file, size, group, demo] = process.argv.slice(2);
const BLOCK_BYTES = 512 * 1024;
const { O_WRONLY, O_CREAT, O_DSYNC, O_NOFOLLOW } = constants;

// Before there is anything to write: all of it is limited.
writeFileSync(group, String(process.pid));
const block = Buffer.alloc(BLOCK_BYTES, 'whodisk demo --load\n');
const isNeeded = () => process.ppid === Number(demo);
for (let round = 1; isNeeded(); round += 1) {
  const fd = openSync(file, O_WRONLY | O_CREAT | O_DSYNC | O_NOFOLLOW, 0o600);
  for (let written = 0; written < Number(size) && isNeeded(); ) written += writeSync(fd, block);
  closeSync(fd);
  if (round === 1) process.stdout.write('written\n');
}
