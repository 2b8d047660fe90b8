/** `whodisk audit`: who asked for what, and how it ended, the newest first. */
import { inCount } from '../../runner/triage/words.ts';
import type { AuditRecord } from '../audit-record.ts';
import { agoShort, utcMinute } from './age.ts';
import { askedText } from './asked-text.ts';
import { askerShort, askerText } from './asker.ts';
import { type ColumnSet, columnLine, fitColumns } from './columns.ts';
import { encodeJson, encodeText } from './encode.ts';
import { counted } from './phrases.ts';
import { NARROWEST, type TerminalOptions } from './terminal.ts';

type Asked = Extract<AuditRecord, { event: 'asked' }>;
type Ended = Extract<AuditRecord, { event: 'ended' }>;

const TITLES = {
  when: 'WHEN (UTC)',
  ago: 'AGO',
  who: 'WHO',
  what: 'WHAT',
  hosts: 'HOSTS',
  end: 'HOW IT ENDED',
} as const;
type Column = keyof typeof TITLES;
type Row = Readonly<Record<Column, string>>;

const COLUMNS: ColumnSet<Column> = {
  titles: TITLES,
  optional: ['hosts', 'ago'],
  figures: new Set(['ago', 'hosts']),
  elastic: { who: { least: 10, most: 36 }, what: { least: 12, most: 60 }, end: { least: 14, most: 60 } },
  cutAtStart: new Set(),
};

/** For a terminal: a line for each act, a sweep together with its end; the whole text, with its last line break. */
export function renderAudit(records: readonly AuditRecord[], nowMs: number, options: TerminalOptions): string {
  if (records.length === 0) return `${NOTHING}\n`;
  const { paint } = options;
  const rows = rowsOf(records, nowMs);
  const widths = fitColumns(
    COLUMNS,
    rows.map(({ row }) => row),
    Math.max(NARROWEST, options.width),
  );
  const lines = rows.map(({ row, isRefusal }) =>
    columnLine(COLUMNS, row, widths, (column, cell) => {
      if (column === 'ago') return paint.dim(cell);
      return column === 'end' && isRefusal ? paint.yellow(cell) : cell;
    }),
  );
  return `${[paint.dim(columnLine(COLUMNS, TITLES, widths, (_, cell) => cell)), ...lines].join('\n')}\n`;
}

/** For a pipe: a line for each record, everything in it. Nothing of no record: a page is not the whole. */
export function renderAuditPlain(records: readonly AuditRecord[]): string {
  return records.map((record) => `${record.at} ${lineOf(record)}\n`).join('');
}

/** For JSON: what stands before the records, between two of them, and behind them. */
export const AUDIT_JSON = { start: '{\n  "records": [', between: ',', end: '\n  ]\n}\n' } as const;

export function renderAuditRecordJson(record: AuditRecord): string {
  return `\n    ${encodeJson(JSON.stringify(record))}`;
}

export const NOTHING = 'Nobody has asked for anything yet: whodisk TARGET is the first record.';

function rowsOf(records: readonly AuditRecord[], nowMs: number): { row: Row; isRefusal: boolean }[] {
  const asked = new Set(records.flatMap((record) => (record.event === 'asked' ? [record.sweepId] : [])));
  const ended = new Map(records.flatMap((record) => (record.event === 'ended' ? [[record.sweepId, record]] : [])));
  return records
    .filter((record) => record.event !== 'ended' || !asked.has(record.sweepId))
    .map((record) => ({
      row: {
        when: utcMinute(record.at),
        ago: agoShort(Date.parse(record.at), nowMs),
        ...cellsOf(record, 'sweepId' in record ? ended.get(record.sweepId) : undefined),
      },
      isRefusal: record.event === 'refused',
    }));
}

function cellsOf(record: AuditRecord, ended: Ended | undefined): Pick<Row, 'who' | 'what' | 'hosts' | 'end'> {
  switch (record.event) {
    case 'asked':
      return {
        who: askerShort(record.by),
        what: askedText(record.targets),
        hosts: inCount(record.hostCount),
        end: ended === undefined ? 'not ended yet' : endText(ended),
      };
    case 'ended':
      return { who: '', what: encodeText(`sweep ${record.sweepId}`), hosts: '', end: endText(record) };
    case 'refused':
      return {
        who: askerShort(record.by),
        what: encodeText(record.what),
        hosts: '',
        end: `refused: ${encodeText(record.why)}`,
      };
    case 'token-created':
    case 'token-revoked':
      return {
        who: askerShort(record.by),
        what: encodeText(`token ${record.token}`),
        hosts: '',
        end: tokenEnd(record),
      };
    default:
      return record satisfies never;
  }
}

function endText({ status, swept, notSwept, cancelledBy }: Ended): string {
  const by = cancelledBy === undefined ? '' : ` by ${askerShort(cancelledBy)}`;
  // Short: at 80 columns little is left for it, and how many there were stands before it.
  if (status !== 'complete') return `${status}${by}, ${inCount(notSwept)} not swept`;
  return notSwept === 0 ? status : `${inCount(swept)} of ${inCount(swept + notSwept)} swept`;
}

function tokenEnd({ event, scope }: Extract<AuditRecord, { event: 'token-created' | 'token-revoked' }>): string {
  return event === 'token-created' ? `made: ${scope}` : 'revoked';
}

function lineOf(record: AuditRecord): string {
  switch (record.event) {
    case 'asked':
      return askedLine(record);
    case 'ended': {
      const { sweepId, status, swept, notSwept, cancelledBy } = record;
      const by = cancelledBy === undefined ? '' : ` by ${askerText(cancelledBy)}`;
      return `ended ${encodeText(sweepId)}: ${status}${by}, ${inCount(swept)} swept, ${inCount(notSwept)} not swept`;
    }
    case 'refused':
      return `refused ${askerText(record.by)}: ${encodeText(record.what)}: ${encodeText(record.why)}`;
    case 'token-created':
    case 'token-revoked': {
      const { event, token, tokenId, scope, by } = record;
      return `${event} ${encodeText(`${token} (${tokenId})`)}, scope ${scope}, by ${askerText(by)}`;
    }
    default:
      return record satisfies never;
  }
}

function askedLine({ sweepId, by, targets, hosts, hostCount, bundleHash }: Asked): string {
  const asked = targets === undefined ? 'this machine' : targets.map(encodeText).join(' ');
  return [
    `asked ${encodeText(sweepId)} by ${askerText(by)}: ${asked}`,
    `${counted(hostCount, 'host')}: ${hosts.map(encodeText).join(' ')}`,
    `bundle ${encodeText(bundleHash)}`,
  ].join(', ');
}
