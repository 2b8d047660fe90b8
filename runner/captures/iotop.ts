/** iotop -b (iotop(8) 0.6, iotop-c 1): what threads read and write. Its first screen covers no interval and is all zeros. */
import { nameOfCommand } from './command-name.ts';
import type { PidstatRow } from './pidstat.ts';
import { quantityOf } from './quantity.ts';
import type { Section } from './split-captures.ts';

/** TID PRIO USER "47.10 M/s" "0.00 B/s", then shares that may be unavailable, then the command line. */
const ROW =
  /^\s*(?:[\d:]+\s+)?(\d{1,10})\s+\S+\s+\S+\s+([\d.]{1,16}) ([BKMGT])\/s\s+([\d.]{1,16}) ([BKMGT])\/s\s+((?:(?:[\d.]+ %|\?unavailable\?)\s+){0,2})(\S.*)$/u;
const MAX_ROWS = 100_000;

/** Rows of each screen but the first. */
export function parseIotop({ lines }: Section): PidstatRow[][] {
  const screens: PidstatRow[][] = [];
  let count = 0;
  for (const { text } of lines) {
    if (/Total DISK READ\s*:/u.test(text)) screens.push([]);
    const row = ROW.exec(text);
    if (!row || ++count > MAX_ROWS) continue;
    const [, tid, read, readUnit = '', written, writtenUnit = '', , command = ''] = row;
    const bytes = (figure: string | undefined, unit: string): number =>
      quantityOf(`${figure}${unit === 'B' ? '' : unit}`) ?? 0;
    screens.at(-1)?.push({
      pid: Number(tid),
      command: nameOfCommand(command, true),
      bytes: { read: bytes(read, readUnit), written: bytes(written, writtenUnit), cancelled: 0 },
    });
  }
  return screens.length > 1 ? screens.slice(1) : screens;
}
