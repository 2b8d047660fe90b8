/**
 * A thousand hosts out of one recorded: other process numbers, names, files, kernels and figures on each, so that culprits, shares and
 * scores differ and some hosts have a culprit in common. What was recorded together stays together: a process keeps its number in
 * every frame, and what the two writers write is what the disk wrote, less a part that stays unexplained.
 */
import type { Frame } from '../../runner/bundle/frames.ts';
import { editLines, HEAVY_FILE, LIGHT_FILE, NONCE_PLACEHOLDER, SLOW_DEVICE, wireOf } from './replay-host.ts';

/** What a correct sweep says of the host's slow disk. */
export interface ExpectedCulprit {
  readonly device: string;
  readonly pid: number;
  readonly command: string;
  readonly program: string;
  readonly unit: string;
  readonly path: string;
}

export interface HostAnswer {
  /** With NONCE_PLACEHOLDER where the nonce goes. */
  readonly answer: Buffer;
  readonly frames: readonly Frame[];
  readonly expected: ExpectedCulprit;
}

const SECTOR_BYTES = 512;

type Profile = Omit<ExpectedCulprit, 'device' | 'pid'>;

/** Hosts whose numbers are equal modulo the length share the pattern of their culprit. */
const PROFILES: readonly Profile[] = [
  ['postgres', 'postgres', 'postgresql', '/srv/data/pg/base/16384/24601'],
  ['mysqld', 'mysqld', 'mysql', '/srv/data/mysql/orders.ibd'],
  ['java', 'kafka.jar', 'kafka', '/srv/data/kafka/clicks-3/00000000000004711042.log'],
  ['java', 'elasticsearch.jar', 'elasticsearch', '/srv/data/es/nodes/0/indices/events.cfs'],
  ['python3', 'nightly_export.py', 'export', '/srv/data/export/customers.csv'],
  ['rsync', 'rsync', 'backup', '/srv/data/backup/.home.tar.Xk21Qd'],
  ['node', 'server.js', 'shop', '/srv/data/shop/access.log'],
  ['mongod', 'mongod', 'mongod', '/srv/data/mongo/collection-7.wt'],
  ['prometheus', 'prometheus', 'prometheus', '/srv/data/prometheus/wal/00000213'],
  ['tar', 'tar', 'archive', '/srv/data/archive/2025.tar'],
  ['perl', 'rotate_logs.pl', 'logs', '/srv/data/logs/app.log.1'],
].map(([command = '', program = '', unit = '', path = '']) => ({ command, program, unit: `${unit}.service`, path }));

/** What the host of this number (from 0) answers, the same in every run. Throws where `recorded` is not the recording of fanout-record.ts. */
export function answerOf(recorded: readonly Frame[], host: number): HostAnswer {
  const random = numbersFrom(host);
  const profile = PROFILES[host % PROFILES.length] as Profile;
  const heavy = writerOf(recorded, HEAVY_FILE);
  const light = writerOf(recorded, LIGHT_FILE);
  const diskBytes = writtenTo(SLOW_DEVICE, recorded);
  const heavyShare = 0.5 + random() * 0.45;
  const shift = 1000 + Math.floor(random() * 2_000_000);
  const change: Change = {
    profile,
    heavy,
    moved: (pid) => (Number(pid) <= 2 ? pid : String(Number(pid) + shift)),
    dataFactor: 0.4 + random() * 1.2,
    timeFactor: 0.3 + random() * 2,
    writtenBytes: new Map([
      [heavy, diskBytes * heavyShare],
      [light, diskBytes * (1 - heavyShare) * random()],
    ]),
    kernel: `6.${1 + Math.floor(random() * 17)}.${Math.floor(random() * 90)}`,
  };
  const frames = recorded.map((frame) => changedFrame(recorded, frame, change));
  const expected = { device: SLOW_DEVICE, pid: Number(change.moved(heavy)), ...profile };
  return { answer: wireOf(frames, NONCE_PLACEHOLDER), frames, expected };
}

interface Change {
  readonly profile: Profile;
  /** The recorded process number of the writer that is to be blamed. */
  readonly heavy: string;
  readonly moved: (pid: string) => string;
  /** For bytes and operations, of disks and processes alike. */
  readonly dataFactor: number;
  /** For the time that requests took, and so for the queue; not for busy time. */
  readonly timeFactor: number;
  /** Of the two writers, before `dataFactor`. */
  readonly writtenBytes: ReadonlyMap<string, number>;
  readonly kernel: string;
}

function changedFrame(recorded: readonly Frame[], frame: Frame, change: Change): Frame {
  const label = /^\d+ \d+$/.test(frame.label) ? frame.label.replace(/^\d+/, change.moved) : frame.label;
  const moved = { ...frame, label };
  switch (frame.kind === 'file' ? frame.label : frame.kind) {
    case 'a /proc/sys/kernel/osrelease':
      return editLines(moved, () => change.kernel);
    case 'b /proc/diskstats':
      return laterDiskstats(recorded, moved, change);
    case 'ticks':
      return editLines(moved, (line) => (line.startsWith('T ') ? line : tick(line, change)));
    case 'procs':
      return editLines(moved, (line) => process(line, change));
    case 'suspect':
      return suspect(frame, moved, change);
    case 'program':
      return isOf(frame, change.heavy) ? editLines(moved, () => `/opt/programs/${change.profile.program}`) : moved;
    default:
      return moved;
  }
}

const isOf = ({ label }: Frame, pid: string): boolean => label.startsWith(`${pid} `);

const scaled = (text: string | undefined, factor: number): string => String(Math.round(Number(text ?? 0) * factor));

/** Of the differences reads, merged, sectors, ms, writes, merged, sectors, ms, in flight, busy ms, weighted ms (iostats.rst). */
const DISKSTATS_KINDS = 'd d d t d d d t q b t'.split(' ');
/** The bundle's form of them, without those of merged requests. */
const TICK_KINDS = 'd d t d d t q b t'.split(' ');

function factorOf(kind: string | undefined, { dataFactor, timeFactor }: Change): number {
  if (kind === 'd') return dataFactor;
  // What is in flight is what time and arrivals make of it: Little's law.
  return kind === 't' || kind === 'q' ? dataFactor * timeFactor : 1;
}

function tick(line: string, change: Change): string {
  const [device, ...values] = line.split(' ');
  return [device, ...values.map((value, index) => scaled(value, factorOf(TICK_KINDS[index], change)))].join(' ');
}

/** The second sample: what the recorded difference becomes, on top of the first one. */
function laterDiskstats(recorded: readonly Frame[], frame: Frame, change: Change): Frame {
  const first = recorded.find(({ label }) => label === 'a /proc/diskstats')?.payload.toString('latin1') ?? '';
  return editLines(frame, (line) => {
    const fields = line.trim().split(/ +/);
    const values = fields.map((value, index) => {
      const kind = DISKSTATS_KINDS[index - 3];
      if (kind === undefined) return value;
      if (kind === 'q') return scaled(value, factorOf(kind, change));
      const base = Number(fieldsOf(first, fields[2])?.[index] ?? 0);
      return String(base + Math.round((Number(value) - base) * factorOf(kind, change)));
    });
    return values.join(' ');
  });
}

/** PID PPID START HOW STATE DSAMPLES FLAGS THREADS RCHAR WCHAR SYSCR SYSCW READ WRITE CANCELLED COMM, or + COUNT PPID …: bundle.sh. */
function process(line: string, change: Change): string {
  const fields = line.split(' ');
  if (fields[0] === '+') return [...fields.slice(0, 2), change.moved(fields[2] ?? '0'), ...fields.slice(3)].join(' ');
  const [pid = '', parent = ''] = fields;
  // WCHAR and WRITE; nobody has cancelled a write here.
  const values = fields.map((value, index) =>
    index === 9 || index === 13 ? pages((change.writtenBytes.get(pid) ?? Number(value)) * change.dataFactor) : value,
  );
  const command = pid === change.heavy ? change.profile.command : values.slice(15).join(' ');
  return [change.moved(pid), change.moved(parent), ...values.slice(2, 15), command].join(' ');
}

/** The page cache counts by the page. */
const pages = (bytes: number): string => String(Math.round(bytes / 4096) * 4096);

function suspect(frame: Frame, moved: Frame, { heavy, profile, moved: newPid }: Change): Frame {
  return editLines(moved, (line) => {
    const [key = '', first = '', second = ''] = line.split(' ');
    if (key === 'parent') return line.replace(first, newPid(first));
    if (key === 'call' || key === 'stack' || key === 'wchan') {
      return /^\d+$/.test(second) ? line.replace(` ${first} ${second}`, ` ${first} ${newPid(second)}`) : line;
    }
    if (key === 'thread') {
      const renamed = isOf(frame, heavy) ? line.replace(/\S+$/, profile.command) : line;
      return renamed.replace(first, newPid(first));
    }
    if (isOf(frame, heavy) && line === `fd 3 ${HEAVY_FILE}`) return `fd 3 ${profile.path}`;
    if (isOf(frame, heavy) && line.startsWith('cgroup ')) return line.replace(/:\/$/, `:/system.slice/${profile.unit}`);
    return line;
  });
}

/** The number of the suspect that has this file open. Throws where none has: then it is another recording. */
function writerOf(recorded: readonly Frame[], path: string): string {
  const found = recorded.find(({ kind, payload }) => kind === 'suspect' && payload.includes(` ${path}\n`));
  const pid = found?.label.split(' ', 1)[0];
  if (pid === undefined) throw new Error(`nobody has ${path} open in the recorded answer`);
  return pid;
}

/** Bytes that the recorded disk wrote in its window. */
function writtenTo(device: string, recorded: readonly Frame[]): number {
  const [before = 0, after = 0] = ['a', 'b'].map((phase) => {
    const text = recorded.find(({ label }) => label === `${phase} /proc/diskstats`)?.payload.toString('latin1');
    return Number(fieldsOf(text ?? '', device)?.[9]);
  });
  return (after - before) * SECTOR_BYTES;
}

function fieldsOf(diskstats: string, device: string | undefined): string[] | undefined {
  return diskstats
    .split('\n')
    .map((line) => line.trim().split(/ +/))
    .find((fields) => fields[2] === device);
}

/** The same numbers for the same host in every run, 0 to 1: mulberry32, https://gist.github.com/tommyettinger/46a874533244883189143505d203312c */
function numbersFrom(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
