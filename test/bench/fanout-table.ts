/** The figures of the fan-out benchmark as text: each beside its ratio to ClusterShell's, and beside what is to be reached. */
import type { Client, ClientRun } from './fanout-clients.ts';

export interface Row {
  readonly client: Client;
  readonly hosts: number;
  readonly forks: number;
  /** Whether what was found was kept. */
  readonly stored: boolean;
  readonly run: ClientRun;
  /** CPU time of sshd and its sessions. */
  readonly serverCpuMs: number;
}

/** Per host; what the whole is to stay within. */
const REACH = { cpuMs: 4, cpuMsStored: 6, memoryMb: 200, wallRatio: 1 } as const;
/** The memory is to be reached at this many hosts. */
const MEMORY_HOSTS = 1000;

const memoryMbOf = ({ client, run }: Row): number => (client === 'whodisk' ? run.peakRssMb : run.peakTreeMb);
const cpuMsOf = ({ hosts, run }: Row): number => run.cpuMs / hosts;

const HEAD = [
  '',
  'client CPU/host',
  '/clush',
  'reach',
  'memory',
  '/clush',
  'reach',
  'wall',
  '/clush',
  'reach',
  'sshd CPU/host',
];
const WIDTHS = [34, 15, 7, 7, 9, 7, 7, 8, 7, 7, 14];

/** `rows` of one number of hosts. */
export function tableOf(rows: readonly Row[]): string {
  return [HEAD, ...rows.map((row) => cellsOf(row, rows))].map(line).join('\n');
}

function cellsOf(row: Row, rows: readonly Row[]): string[] {
  const peer = rows.find(({ client, forks }) => client === 'clush' && forks === row.forks);
  const isOurs = row.client === 'whodisk';
  const ratio = (figure: (row: Row) => number): number | undefined =>
    isOurs && peer !== undefined ? figure(row) / figure(peer) : undefined;
  const reached = (value: number | undefined, most: number): string =>
    !isOurs || value === undefined ? '' : value <= most ? 'yes' : 'NO';
  const wallRatio = ratio(({ run }) => run.wallMs);
  const kept = isOurs ? (row.stored ? ', stored' : ', no store') : '';
  return [
    `${row.client}, ${row.forks} at a time${kept}`,
    `${cpuMsOf(row).toFixed(2)} ms`,
    ratioText(ratio(cpuMsOf)),
    reached(cpuMsOf(row), row.stored ? REACH.cpuMsStored : REACH.cpuMs),
    `${memoryMbOf(row).toFixed(0)} MB`,
    ratioText(ratio(memoryMbOf)),
    row.hosts <= MEMORY_HOSTS ? reached(memoryMbOf(row), REACH.memoryMb) : '',
    `${(row.run.wallMs / 1000).toFixed(1)} s`,
    ratioText(wallRatio),
    reached(wallRatio, REACH.wallRatio),
    `${(row.serverCpuMs / row.hosts).toFixed(1)} ms`,
  ];
}

const ratioText = (ratio: number | undefined): string => (ratio === undefined ? '' : ratio.toFixed(2));

const line = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => (index === 0 ? cell.padEnd(WIDTHS[0] ?? 0) : cell.padStart(WIDTHS[index] ?? 0)))
    .join('')
    .trimEnd();

export const LEGEND = `To reach: client CPU a host <= ${REACH.cpuMs} ms, <= ${REACH.cpuMsStored} ms with the store; memory <= ${REACH.memoryMb} MB up to ${MEMORY_HOSTS} hosts; wall <= that of clush.
/clush: as a ratio to clush at the same width with the same key exchange; "default kex" is ssh's own choice, which is post-quantum.
CPU: user and system time of the client and all its children (wait4). Memory: whodisk, a single process, the peak resident set;
clush and its ssh processes, the largest sum of proportional set sizes seen every two seconds.`;
