import type { KnownBlock } from '@slack/types';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { diffOf } from '../../runner/triage/diff.ts';
import { rankingRowOf } from '../../runner/triage/ranking-row.ts';
import {
  crowdedHost,
  healthyHost,
  python,
  refused,
  reportOf,
  saturatedHost,
  sda,
  silent,
  unknownKey,
} from '../../test/findings.ts';
import { HOSTILE_TEXTS, hostileHost, hostileText, NEVER_RAW } from '../../test/hostile-text.ts';
import { renderSlackDiff } from './slack-diff.ts';
import { renderSlackHost } from './slack-host.ts';
import type { SlackMessage } from './slack-message.ts';
import { renderSlackStatus } from './slack-status.ts';
import { renderSlackSweep, type SlackSweepView } from './slack-sweep.ts';

const NOW = Date.parse('2018-12-05T15:27:10.000Z');
const HOSTILE_SLACK = [
  '<!channel> <!here> <!everyone> <@U1> <#C1|x> <!subteam^S1|y> <http://evil.example|click>',
  '@here @channel @everyone #general http://evil.example/x mailto:a@b.c',
  '```code``` `tick` *bold* _italic_ ~gone~ > quote :smile: :rotating_light:',
  '&lt;!channel&gt; &amp;lt;',
  '`',
  '```',
  ' ',
  '',
  '\u1161'.repeat(900),
];

function viewOf(hosts: readonly VisitedHost[], more: Partial<SlackSweepView> = {}): SlackSweepView {
  const report = reportOf(hosts, { asked: ['@db'] });
  return {
    sweep: report.sweep,
    rows: report.hosts.map(rankingRowOf),
    patterns: report.patterns,
    hasButtons: true,
    ...more,
  };
}

const sweepOf = (hosts: readonly VisitedHost[], more: Partial<SlackSweepView> = {}): SlackMessage =>
  renderSlackSweep(viewOf(hosts, more));

interface Text {
  readonly type: string;
  readonly text: string;
}

function textsOf(value: unknown): Text[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = 'type' in value && 'text' in value && typeof value.text === 'string' ? [value as Text] : [];
  return [...own, ...Object.values(value).flatMap(textsOf)];
}

const shown = ({ blocks }: SlackMessage): string =>
  textsOf(blocks)
    .map(({ text }) => text)
    .join('\n');

/** https://docs.slack.dev/reference/block-kit/blocks */
function expectWithinLimits({ text, blocks }: SlackMessage): void {
  expect(text.length).toBeGreaterThan(0);
  expect(text.length).toBeLessThanOrEqual(3000);
  expect(blocks.length).toBeLessThanOrEqual(50);
  expect(JSON.stringify(blocks).length).toBeLessThan(12_000);
  for (const block of blocks as readonly (KnownBlock & { readonly elements?: readonly unknown[] })[]) {
    for (const one of textsOf(block)) {
      expect(one.text.length).toBeGreaterThan(0);
      expect(one.text.length).toBeLessThanOrEqual(3000);
    }
    if (block.type === 'context') expect(block.elements.length).toBeLessThanOrEqual(10);
    if (block.type === 'actions') expect(block.elements.length).toBeLessThanOrEqual(25);
  }
  for (const button of buttonsOf(blocks)) {
    expect(button.text.text.length).toBeLessThanOrEqual(75);
    expect(button.value?.length ?? 0).toBeLessThanOrEqual(2000);
    expect(button.url?.length ?? 0).toBeLessThanOrEqual(3000);
  }
}

interface ButtonShown {
  readonly text: Text;
  readonly action_id: string;
  readonly value?: string;
  readonly url?: string;
}

function buttonsOf(value: unknown): ButtonShown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('type' in value && value.type === 'button') return [value as unknown as ButtonShown];
  return Object.values(value).flatMap(buttonsOf);
}

/** Outside of code spans only our own words: letters, figures, and the bold of a verdict. */
const OWN_WORDS = /^[\w ,.;:%*()/<>&…'?×+-]*$/u;

function expectInert(message: SlackMessage): void {
  const texts = [{ type: 'mrkdwn', text: message.text }, ...textsOf(message.blocks)];
  for (const { type, text } of texts) {
    expect(text.replaceAll('\n', '')).not.toMatch(NEVER_RAW);
    expect(text.replace(/&(?:amp|lt|gt);/gu, '')).not.toMatch(/[<>&]/u);
    if (type === 'plain_text') continue;
    // A span never holds a backtick, so that spans are told apart by them alone.
    const bare = text.replace(/```\n[^`]*\n```/gu, '').replace(/`[^`\n]+`/gu, '');
    expect(bare).not.toContain('`');
    for (const line of bare.split('\n')) expect(line).toMatch(OWN_WORDS);
    expect(bare).not.toMatch(/[@#]|:[a-z_]+:|https?:/u);
  }
  for (const one of textsOf(message.blocks)) {
    if (one.type === 'mrkdwn') expect(one).toMatchObject({ verbatim: true });
    if (one.type === 'plain_text') expect(one).toMatchObject({ emoji: false });
  }
}

function messagesOf(hosts: readonly VisitedHost[], text: string): SlackMessage[] {
  const view = viewOf(hosts, { heading: text === '' ? 'x' : text, publicUrl: 'https://whodisk.example' });
  const sweep = { ...view.sweep, asked: [text, '@db'], by: text };
  const earlier = hosts.map((host) => rankingRowOf(healthyHost(host.host)));
  const diff = diffOf(earlier, view.rows);
  const back = diffOf(view.rows, earlier);
  return [
    renderSlackSweep({ ...view, sweep }),
    renderSlackSweep({ ...view, sweep, diff }),
    renderSlackSweep({ ...view, sweep, diff: back, hasButtons: false }),
    renderSlackDiff({ diff, from: sweep, to: sweep, nowMs: NOW, hasAgain: true }),
    renderSlackStatus({
      running: [{ sweep, done: 3 }, { sweep }],
      newest: { sweep, rows: view.rows, hasAgain: true },
      nowMs: NOW,
    }),
    ...hosts.slice(0, 1).map((host) => renderSlackHost({ host, sweep, nowMs: NOW })),
  ];
}

describe('a sweep', () => {
  test('says it in one sentence, then the culprit, the file and the reason, what hosts share, what was not reached', () => {
    const text = shown(
      sweepOf([saturatedHost('db-1'), saturatedHost('db-2'), healthyHost('db-3'), refused('db-4'), unknownKey('db-5')]),
    );
    const order = [
      '5 hosts of `@db`: 2 saturated, 2 not swept, 1 healthy; 5.8 s',
      '1. `db-1` *SATURATED*, `sda`, 99.2 % busy, queue 1,102, await 7.3 s',
      'culprit `logtest.py` (`python`) in `logger.service`: 98 % of the load, buffered writes to `/tmp/logtest.txt`',
      'logtest.py 18940 saturates sda by logging 300 MB at a time',
      '2. `db-2`',
      '2 hosts share a culprit: `logtest.py`, buffered writes to `/tmp/logtest.txt`: `db-1, db-2`',
      '1 host not swept, connection refused: `db-4`',
      '1 host not swept, host key unknown: `db-5`',
    ].map((part) => [part, text.indexOf(part)] as const);
    for (const [part, at] of order) expect(at, part).toBeGreaterThanOrEqual(0);
    expect(order.map(([, at]) => at)).toEqual(order.map(([, at]) => at).sort((a, b) => a - b));
  });

  test('has the buttons that work: details of the worst host, again, and the page where it is known', () => {
    const buttons = buttonsOf(sweepOf([saturatedHost('db-1')], { publicUrl: 'https://w.example' }).blocks);
    expect(buttons.map(({ text }) => text.text)).toEqual(['Details', 'Sweep again', 'Open page']);
    expect(JSON.parse(buttons[0]?.value ?? '')).toEqual({ sweep: '01JDF3W5Q0000000000000TEST', host: 'db-1' });
    expect(JSON.parse(buttons[1]?.value ?? '')).toEqual({ sweep: '01JDF3W5Q0000000000000TEST' });
    expect(buttons[2]?.url).toBe('https://w.example/sweeps/01JDF3W5Q0000000000000TEST');
    expect(buttonsOf(sweepOf([saturatedHost('db-1')], { hasButtons: false }).blocks)).toEqual([]);
  });

  test('names the culprit in the text of its notification, and one host alone without counting', () => {
    expect(sweepOf([saturatedHost('db-1'), healthyHost('db-2')]).text).toBe(
      '2 hosts of `@db`: 1 saturated, 1 healthy; 5.8 s\nworst: `db-1` SATURATED, culprit `logtest.py` (`python`) in `logger.service`: ' +
        '98 % of the load, buffered writes to `/tmp/logtest.txt`',
    );
    const view = viewOf([saturatedHost('db-1')]);
    const sweep = { ...view.sweep, asked: ['db-1'] };
    expect(renderSlackSweep({ ...view, sweep, heading: 'Alert DiskSlow' }).text).toMatch(
      /^`Alert DiskSlow`: `db-1`: saturated; 5\.8 s\n`db-1` SATURATED, culprit `logtest\.py`/u,
    );
    expect(renderSlackSweep(view).text).toContain('1 host of `@db`: 1 saturated');
  });

  test('of a healthy fleet is two lines', () => {
    const message = sweepOf([healthyHost('a-1'), healthyHost('a-2'), healthyHost('a-3')]);
    expect(message.text).toBe('3 hosts of `@db`: all healthy; 5.8 s');
    expect(message.blocks.map(({ type }) => type)).toEqual(['section', 'actions']);
  });

  test('forty silent hosts do not push out the one with a culprit', () => {
    const text = shown(sweepOf([...Array.from({ length: 40 }, (_, i) => silent(`h-${i + 1}`)), saturatedHost('db-1')]));
    expect(text).toContain('`db-1`');
    expect(text).toContain('and 38 more like it: `h-[3-40]`');
  });

  test('more troubles than five are counted and named', () => {
    const hosts = Array.from({ length: 9 }, (_, i) =>
      saturatedHost(`db-${i + 1}`, { disks: [{ ...sda, culprits: [{ ...python, program: `job${i}.py` }] }] }),
    );
    const text = shown(sweepOf(hosts));
    expect(text).toContain('5. `db-5`');
    expect(text).not.toContain('6. ');
    expect(text).toContain('and 4 saturated: `db-[6-9]`');
  });

  test('that ended early says so, and how many were not visited', () => {
    const view = viewOf([healthyHost('a')]);
    const sweep = { ...view.sweep, status: 'incomplete' as const, targets: 4 };
    expect(renderSlackSweep({ ...view, sweep }).text).toBe(
      '4 hosts of `@db`, incomplete: 1 healthy, 3 not visited; 5.8 s',
    );
  });

  test('with a diff tells what is new, worse and gone', () => {
    const before = [healthyHost('db-1'), saturatedHost('db-2'), saturatedHost('db-3', { score: 60 })].map(rankingRowOf);
    const view = viewOf([saturatedHost('db-1'), healthyHost('db-2'), saturatedHost('db-3')], {
      heading: 'Schedule nightly',
    });
    const message = renderSlackSweep({ ...view, diff: diffOf(before, view.rows) });
    expect(message.text).toMatch(/\nworst: `db-1` SATURATED, culprit .*\nfine again: `db-2`$/u);
    const text = shown(message);
    expect(text).toContain('`Schedule nightly`: 3 hosts');
    expect(text).toMatch(/\*New\*\n1\. `db-1`/);
    expect(text).toContain('saturated by logtest.py (buffered-write); was healthy');
    expect(text).toMatch(/\*Worse\*\n1\. `db-3`/);
    expect(text).toContain('*Fine again* `db-2`');
  });
});

describe('other answers', () => {
  test('a host is its chain of evidence', () => {
    const { sweep } = viewOf([saturatedHost('db-1')]);
    const message = renderSlackHost({ host: saturatedHost('db-1'), sweep, nowMs: NOW });
    expect(message.text).toBe('`db-1` SATURATED, seen 4 minutes ago');
    const text = shown(message);
    for (const part of [
      'cpu         cpu0 waits for I/O 92.7 %',
      'disk        sda: 99.2 % busy',
      'process     python 18940: 98 % of the bytes',
      'file        /tmp/logtest.txt (fd 3)',
      'verdict     SATURATED',
      'advice      Look at how much',
    ])
      expect(text).toContain(part);
  });

  test('a host that could not be reached says why', () => {
    const { sweep } = viewOf([refused('db-4')]);
    const text = shown(renderSlackHost({ host: refused('db-4'), sweep, nowMs: NOW }));
    expect(text).toContain('`db-4` *not swept*, tried 4 minutes ago');
    expect(text).toContain('refused the connection to port 22');
  });

  test('the status is what runs, and what was found last', () => {
    const { sweep, rows } = viewOf([saturatedHost('db-1'), healthyHost('db-2')]);
    const running = { sweep: { ...sweep, status: 'running' as const, by: '@ann in C1', targets: 12 }, done: 4 };
    expect(shown(renderSlackStatus({ running: [], nowMs: NOW }))).toMatch(
      /^No sweep is running.\nNothing has been found/,
    );
    const text = shown(renderSlackStatus({ running: [running], newest: { sweep, rows, hasAgain: true }, nowMs: NOW }));
    expect(text).toContain('Sweeping `@db` for `@ann in C1`: 4 of 12 hosts, began 4 minutes ago');
    expect(text).toContain('Last, 4 minutes ago: 2 hosts of `@db`: 1 saturated, 1 healthy');
  });

  test('a diff without news says so', () => {
    const { sweep, rows } = viewOf([saturatedHost('db-1'), healthyHost('db-2')]);
    const text = shown(
      renderSlackDiff({ diff: diffOf(rows, rows), from: sweep, to: sweep, nowMs: NOW, hasAgain: true }),
    );
    expect(text).toContain('Nothing has changed: 2 hosts are as they were');
  });
});

describe('whatever hosts send', () => {
  test.each([...HOSTILE_TEXTS, ...HOSTILE_SLACK])('%j is inert everywhere and within the limits', (text) => {
    const host = { ...hostileHost(text), host: text === '' ? 'x' : text };
    for (const message of messagesOf([host, crowdedHost('app'), healthyHost(`${text}-2`)], text)) {
      expectWithinLimits(message);
      expectInert(message);
    }
  });

  test('anything is inert and within the limits', { timeout: 60_000 }, () => {
    const anything = fc.oneof(hostileText, fc.constantFrom(...HOSTILE_SLACK));
    fc.assert(
      fc.property(anything, anything, fc.integer({ min: 1, max: 40 }), (name, text, count) => {
        const hosts = Array.from({ length: count }, (_, i) => ({
          ...hostileHost(i % 3 === 0 ? text : `${text}${i}`),
          host: `${name}${i}`,
          ...(i % 4 === 3 && { failure: { phase: 'connect' as const, kind: 'refused' as const, message: text } }),
          ...(i % 8 === 7 && { status: 'not-swept' as const, verdict: 'inconclusive' as const }),
        }));
        for (const message of messagesOf(hosts, text)) {
          expectWithinLimits(message);
          expectInert(message);
        }
      }),
      { numRuns: 40 },
    );
  });
});
