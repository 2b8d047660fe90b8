import { expect, test } from 'vitest';
import { HOSTILE_TEXTS } from '../../test/hostile-text.ts';
import type { Asker, AuditRecord } from '../audit-record.ts';
import { AUDIT_JSON, renderAudit, renderAuditPlain, renderAuditRecordJson } from './audit.ts';
import { widthOf } from './fit.ts';
import { paintFor } from './paint.ts';

const NOW = Date.parse('2026-11-28T16:10:00.000Z');
const at = (width: number, colour = false) => ({ width, paint: paintFor(colour) });
const id = (n: number): string => `01JDF3W5Q0000000000000000${n}`;
const api = { kind: 'api', token: 'grafana', id: id(7) } as const;
const chat = { kind: 'chat', team: 'T1', channel: 'C1', user: 'U1', userName: 'ann' } as const;
const alert = { kind: 'alert', token: 'am', id: id(8), alerts: ['DiskFull', 'DiskSlow'] } satisfies Asker;

const records: AuditRecord[] = [
  {
    event: 'token-revoked',
    at: '2026-11-28T16:09:00.000Z',
    id: id(6),
    by: { kind: 'cli', user: 'root' },
    tokenId: id(7),
    token: 'grafana',
    scope: 'run',
  },
  {
    event: 'refused',
    at: '2026-11-28T16:08:00.000Z',
    id: id(5),
    by: chat,
    what: '/whodisk secret-1',
    why: 'nothing is allowed here',
  },
  {
    event: 'asked',
    at: '2026-11-28T16:07:00.000Z',
    sweepId: id(4),
    by: alert,
    targets: ['db-1'],
    hosts: ['db-1'],
    hostCount: 1,
    bundleHash: 'ab12',
  },
  {
    event: 'ended',
    at: '2026-11-28T16:06:30.000Z',
    sweepId: id(3),
    status: 'cancelled',
    swept: 1,
    notSwept: 11,
    cancelledBy: chat,
  },
  {
    event: 'asked',
    at: '2026-11-28T16:06:00.000Z',
    sweepId: id(3),
    by: api,
    targets: ['@db'],
    hosts: ['db-[1-12]'],
    hostCount: 12,
    bundleHash: 'ab12',
  },
  { event: 'ended', at: '2026-11-28T16:05:05.000Z', sweepId: id(2), status: 'complete', swept: 1, notSwept: 0 },
  {
    event: 'asked',
    at: '2026-11-28T16:05:00.000Z',
    sweepId: id(2),
    by: { kind: 'cli', user: 'ann' },
    hosts: ['vm'],
    hostCount: 1,
    bundleHash: 'ab12',
  },
  { event: 'ended', at: '2026-11-28T16:04:00.000Z', sweepId: id(1), status: 'incomplete', swept: 3, notSwept: 2 },
];

test('on a screen a sweep and its end are one line: who, what, how many hosts, and how it ended', () => {
  const lines = renderAudit(records, NOW, at(140)).trimEnd().split('\n');
  expect(lines[0]).toMatch(/^WHEN \(UTC\) +AGO +WHO +WHAT +HOSTS +HOW IT ENDED$/);
  expect(lines.slice(1).map((line) => line.replace(/ {2,}/gu, '  '))).toEqual([
    '2026-11-28 16:09  1m  root  token grafana  revoked',
    '2026-11-28 16:08  2m  @ann in C1  /whodisk secret-1  refused: nothing is allowed here',
    '2026-11-28 16:07  3m  alert DiskFull, DiskSlow  db-1  1  not ended yet',
    '2026-11-28 16:06  4m  token grafana  @db  12  cancelled by @ann in C1, 11 not swept',
    '2026-11-28 16:05  5m  ann  this machine  1  complete',
    `2026-11-28 16:04  6m  sweep ${id(1)}  incomplete, 2 not swept`,
  ]);
});

test('at 80 columns the end of a sweep is told whole', () => {
  const asked: AuditRecord = {
    event: 'asked',
    at: '2026-11-28T16:06:00.000Z',
    sweepId: id(1),
    by: { kind: 'schedule', name: 'nightly' },
    targets: ['@databases'],
    hosts: ['db-[1-5]'],
    hostCount: 5,
    bundleHash: 'ab12',
  };
  const refused = records.filter(({ event }) => event === 'refused');
  const ended: AuditRecord[] = [
    { event: 'ended', at: '2026-11-28T16:06:09.000Z', sweepId: id(1), status: 'complete', swept: 3, notSwept: 2 },
  ];
  expect(renderAudit([...refused, ...ended, asked], NOW, at(80))).toMatch(
    /schedule nightly +@databases +5 +3 of 5 swept$/mu,
  );
});

test.each([60, 80, 200])('at %d columns every line fits', (width) => {
  for (const line of renderAudit(records, NOW, at(width)).split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(width);
});

test('in a pipe each record is a line with everything in it, ids and hash of the program too', () => {
  const lines = renderAuditPlain(records).trimEnd().split('\n');
  expect(lines).toHaveLength(records.length);
  expect(lines[0]).toBe(`2026-11-28T16:09:00.000Z token-revoked grafana (${id(7)}), scope run, by root (command line)`);
  expect(lines[1]).toBe(
    '2026-11-28T16:08:00.000Z refused @ann in C1 of T1 (Slack U1): /whodisk secret-1: nothing is allowed here',
  );
  expect(lines[4]).toBe(
    `2026-11-28T16:06:00.000Z asked ${id(3)} by token grafana (${id(7)}): @db, 12 hosts: db-[1-12], bundle ab12`,
  );
  expect(lines[3]).toContain('cancelled by @ann in C1 of T1 (Slack U1), 1 swept, 11 not swept');
});

test('as JSON the pieces are one document with the records as they are', () => {
  const { start, between, end } = AUDIT_JSON;
  expect(JSON.parse(start + records.map(renderAuditRecordJson).join(between) + end)).toEqual({ records });
  expect(JSON.parse(start + end)).toEqual({ records: [] });
});

test('what a chat user, a token or an alert is called moves no cursor and makes no line', () => {
  for (const text of HOSTILE_TEXTS) {
    const hostile: AuditRecord[] = [
      {
        event: 'asked',
        at: '2026-11-28T16:06:00.000Z',
        sweepId: text,
        by: { ...chat, userName: text, channel: text },
        targets: [text],
        hosts: [text],
        hostCount: 1,
        bundleHash: text,
      },
      {
        event: 'asked',
        at: '2026-11-28T16:06:00.000Z',
        sweepId: id(3),
        by: { ...alert, token: text, alerts: [text] },
        hosts: [text],
        hostCount: 1,
        bundleHash: text,
      },
      {
        event: 'refused',
        at: '2026-11-28T16:06:00.000Z',
        id: id(5),
        by: { ...api, token: text },
        what: text,
        why: text,
      },
      {
        event: 'token-created',
        at: '2026-11-28T16:06:00.000Z',
        id: id(5),
        by: { kind: 'cli', user: text },
        tokenId: text,
        token: text,
        scope: 'run',
      },
      {
        event: 'ended',
        at: '2026-11-28T16:06:00.000Z',
        sweepId: `${text}2`,
        status: 'complete',
        swept: 0,
        notSwept: 1,
      },
    ];
    expect(renderAuditPlain(hostile).split('\n')).toHaveLength(hostile.length + 1);
    expect(renderAudit(hostile, NOW, at(100)).split('\n')).toHaveLength(hostile.length + 2);
    const all =
      renderAuditPlain(hostile) + renderAudit(hostile, NOW, at(100)) + hostile.map(renderAuditRecordJson).join('');
    expect(all.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  }
});

test('where nobody has asked for anything, that is said', () => {
  expect(renderAudit([], NOW, at(80))).toMatch(/^Nobody has asked for anything yet/);
});
