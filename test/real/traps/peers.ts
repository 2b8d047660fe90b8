/**
 * The rules of thumb that whodisk is measured against: who is on top of `pidstat -d`, and who is on top of `iotop`, over the
 * same window. Parsing is pure.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Need } from '../../need-providers.ts';
import type { Named } from './judge.ts';

export const PEER_NEEDS = ['sysstat', 'iotop-c'] as const satisfies Need[];

export interface PeerAnswers {
  readonly pidstat: readonly Named[];
  readonly iotop: readonly Named[];
}

const execute = promisify(execFile);

/**
 * `plumbing`: the disk below the slow one. What its journal and the workers of loops do would not be in the lists of a host whose disk is real.
 */
export async function askPeers(seconds: number, plumbing: string): Promise<PeerAnswers> {
  const options = { env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' }, timeout: (seconds + 20) * 1000 };
  const answers = await Promise.allSettled([
    execute('pidstat', ['-d', '-h', String(seconds), '1'], options),
    // The first list of iotop is of no window at all.
    execute('iotop', ['-b', '-P', '-k', '-n', '2', '-d', String(seconds)], options),
  ]);
  const isPlumbing = ({ command }: Named): boolean =>
    /-loop\d+$/.test(command) || command.startsWith(`jbd2/${plumbing}-`);
  const [pidstat = '', iotop = ''] = answers.map((answer) =>
    answer.status === 'fulfilled' ? answer.value.stdout : '',
  );
  // Only the workers of loops are charged with bytes, whatever they are called in the end.
  const topOf = (list: readonly Named[]): Named[] => list.filter((named) => !isPlumbing(named)).slice(0, 1);
  return {
    pidstat: topOf(listOfPidstat(pidstat).filter(({ command }) => !command.startsWith('kworker/'))),
    iotop: topOf(listOfIotop(iotop)),
  };
}

const single = (pid: number, command: string): Named => ({ pid, pids: [pid], command });

/** `# Time UID PID kB_rd/s kB_wr/s kB_ccwr/s iodelay Command`: who reads and writes the most bytes first. */
export function listOfPidstat(text: string): Named[] {
  const rows = text.split('\n').flatMap((line) => {
    const row = /^\S+\s+\d+\s+(\d+)\s+(-?[\d.]+)\s+(-?[\d.]+)\s+\S+\s+\S+\s+(.*)$/.exec(line.trim());
    if (!row) return [];
    return [
      { pid: Number(row[1]), rate: Math.max(0, Number(row[2])) + Math.max(0, Number(row[3])), command: row[4] ?? '' },
    ];
  });
  const atWork = rows.filter(({ rate }) => rate > 0).sort((a, b) => b.rate - a.rate);
  return atWork.map(({ pid, command }) => single(pid, command));
}

/** `PID PRIO USER DISK READ DISK WRITE SWAPIN IO COMMAND`, sorted by the time in which they wait for I/O: those who do something. */
export function listOfIotop(text: string): Named[] {
  const last = text.slice(text.lastIndexOf('Total DISK READ'));
  return last.split('\n').flatMap((line) => {
    const row = /^(\d+)\s+\S+\s+\S+\s+([\d.]+) K\/s\s+([\d.]+) K\/s\s+([\d.]+) %\s+([\d.]+) %\s+(.*)$/.exec(
      line.trim(),
    );
    const isAtWork = row?.slice(2, 6).some((figure) => Number(figure) > 0);
    return row && isAtWork ? [single(Number(row[1]), row[6] ?? '')] : [];
  });
}
