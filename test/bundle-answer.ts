/** Answers of a bundle, made by hand: one saturated hard disk, one logger, five seconds. The tests change what they are about. */
import type { Frame } from '../runner/bundle/frames.ts';

/** `KIND LABEL` or `KIND` → payload, in the order in which a bundle prints them. */
export type Answer = ReadonlyMap<string, string>;

export const ANSWER: Answer = new Map([
  ['hello', 'version 1\nshell sh\nawk mawk\nmode awk\nprivilege root\neuid 0\npid 900\nmachine x86_64\n'],
  ['file a /proc/sys/kernel/osrelease', '5.10.0-21-amd64\n'],
  ['file a /proc/sys/kernel/random/boot_id', '7c1c0b3e-8e5c-4b6e-9d3f-0a1b2c3d4e5f\n'],
  ['file a /proc/uptime', '1000.00 1900.00\n'],
  [
    'file a /proc/diskstats',
    '   8 0 sda 100 0 800 50 1000 0 80000 9000 3 40000 50000\n   8 1 sda1 100 0 800 50 1000 0 80000 9000 3 40000 50000\n   8 16 sdb 5 0 40 5 0 0 0 0 0 5 5\n',
  ],
  ['file a /proc/stat', 'cpu0 100 0 100 1000 100 0 0 0 0 0\n'],
  ['file a /proc/meminfo', 'MemTotal: 8169308 kB\nDirty: 100 kB\n'],
  ['file a /proc/vmstat', 'pswpin 10\npswpout 10\n'],
  ['file a /proc/pressure/io', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=1000000\n'],
  ['ticks', 'T 1001.00\nsda 0 0 0 40 40960 40000 38 1000 40000\nT 1002.00\nsda 0 0 0 40 40960 40000 38 1000 40000\n'],
  ['ticks 2', 'T 1003.00\nsda 0 0 0 40 40960 40000 38 1000 40000\nT 1004.00\nsda 0 0 0 40 40960 40000 38 1000 40000\n'],
  ['procs 1000.05 1005.05', '100 1 10000 p D 12 4194304 1 0 104857600 0 100 0 104857600 0 python\n'],
  [
    'suspect 100 10000',
    'samples 20\nspent 40 0 0 9 9 0 0 62914560\ncourse 200D1 275D1 350D1 425R 500D1\nstatus Uid: 1000 1000 1000 1000\nfdescape b\nfd 3 /var/log/app.log\nfdinfo a 3 0 0102001 27 5\nfdinfo b 3 104857600 0102001 27 5\n',
  ],
  ['mounts', '27 1 8:1 / / rw - ext4 /dev/sda1 rw\n'],
  [
    'block',
    '/sys/block/sda/dev:8:0\n/sys/block/sda/queue/rotational:1\n/sys/block/sda/sda1/dev:8:1\n/sys/block/sdb/dev:8:16\n',
  ],
  ['note', 'processes 130\nunreadable 0\n'],
  ['file b /proc/uptime', '1005.00 1901.00\n'],
  [
    'file b /proc/diskstats',
    '   8 0 sda 100 0 800 50 1200 0 284800 209000 40 45000 250000\n   8 1 sda1 100 0 800 50 1200 0 284800 209000 40 45000 250000\n',
  ],
  ['file b /proc/stat', 'cpu0 110 0 120 1000 570 0 0 0 0 0\n'],
  ['file b /proc/meminfo', 'MemTotal: 8169308 kB\nDirty: 900 kB\n'],
  ['file b /proc/vmstat', 'pswpin 510\npswpout 1010\n'],
  ['file b /proc/pressure/io', 'some avg10=0.00 avg60=0.00 avg300=0.00 total=5500000\n'],
  ['users', '1000 logger\n'],
  ['program 100 10000', 'logtest.py\n'],
  ['cost', 'stat 900 (sh) S 1 900 900 0 -1 4194560 0 0 0 0 3 2 4 1 20 0 1 0 99 0 0\nextra 5000000\n'],
]);

/** A second frame of a kind that may come several times is written with a number behind it in ANSWER. */
const split = (key: string): { kind: string; label: string } => {
  const space = key.indexOf(' ');
  const kind = space < 0 ? key : key.slice(0, space);
  return { kind, label: kind === 'ticks' || space < 0 ? '' : key.slice(space + 1) };
};

/** The answer without some parts and with others; `undefined` takes a part away. */
export function answer(changes: Readonly<Record<string, string | undefined>> = {}): Answer {
  const changed = new Map(ANSWER);
  for (const [key, payload] of Object.entries(changes)) {
    if (payload === undefined) changed.delete(key);
    else changed.set(key, payload);
  }
  return changed;
}

export const framesOf = (parts: Answer): Frame[] =>
  [...parts].map(([key, payload]) => ({ ...split(key), payload: Buffer.from(payload) }));

/** As it goes over the wire, without an END. */
export const wireOf = (parts: Answer, nonce: string): string =>
  [...parts]
    .map(([key, payload]) => {
      const { kind, label } = split(key);
      return `${nonce} ${kind} ${Buffer.byteLength(payload)}${label && ` ${label}`}\n${payload}\n`;
    })
    .join('');
