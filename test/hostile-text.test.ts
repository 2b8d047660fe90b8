/** Text that a host sent, on every way out: nothing in it may act on a terminal, or pass for our own words' layout. */
import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test, vi } from 'vitest';
import { renderDiff, renderDiffPlain } from '../functions/render/diff.ts';
import { encodeText } from '../functions/render/encode.ts';
import { renderExplain, renderExplainPlain } from '../functions/render/explain.ts';
import { cutEnd, cutStart, widthOf, wrap } from '../functions/render/fit.ts';
import { renderHistory, renderHistoryPlain } from '../functions/render/history.ts';
import { renderHostHistory, renderHostHistoryPlain } from '../functions/render/host-history.ts';
import {
  renderDiffJson,
  renderExplainJson,
  renderHistoryJson,
  renderHostHistoryJson,
  renderHostLine,
  renderJson,
  renderSweepLine,
} from '../functions/render/json.ts';
import { wholeChangeLines } from '../functions/render/noted-changes.ts';
import { paintFor } from '../functions/render/paint.ts';
import { renderPlain } from '../functions/render/plain.ts';
import { countStandings } from '../functions/render/standing.ts';
import { renderTerminal } from '../functions/render/terminal.ts';
import { watchPicture } from '../functions/render/watch-picture.ts';
import type { VisitedHost } from '../runner/report.ts';
import { diffOf } from '../runner/triage/diff.ts';
import { rankingRowOf } from '../runner/triage/ranking-row.ts';
import { healthyHost, lostHost, reportOf, saturatedHost } from './findings.ts';
import { HOSTILE_TEXTS, hostileHost, hostileText, NEVER_RAW } from './hostile-text.ts';

// Thousands of grapheme segmentations: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 });

test('encoded text holds no character that could act, hide or reorder', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      expect(encodeText(text)).not.toMatch(NEVER_RAW);
    }),
    { numRuns: 1500 },
  );
});

test('every code unit by itself and every C1 control of a longer text is made harmless', () => {
  for (let code = 0; code <= 0xffff; code++) {
    const encoded = encodeText(`a${String.fromCharCode(code)}b`);
    if (NEVER_RAW.test(encoded)) throw new Error(`U+${code.toString(16)} came through as ${JSON.stringify(encoded)}`);
  }
});

test('ordinary names stay as they are: ASCII, systemd escapes, CJK, accents, emoji', () => {
  const names = [
    'kworker/u4:2',
    'dev-disk\\x2dby.device',
    '/tmp/ü/日志/한글.txt',
    'Café Việt',
    'e\u0301',
    '🔥',
    "it's 100% \\n",
  ];
  for (const name of names) expect(encodeText(name)).toBe(name);
});

test('escapes say which character it was', () => {
  expect(encodeText('\u001b[31m\n\t\u009b\u202e\u{e0041}\ud800')).toBe('\\x1b[31m\\n\\t\\x9b\\u202e\\u{e0041}\\ud800');
});

test('a flood of combining marks is cut off after three, and none sits on a space or an escape', () => {
  expect(encodeText(`z${'\u0301'.repeat(5)}`)).toBe('z\u0301\u0301\u0301\\u0301\\u0301');
  expect(encodeText(' \u0301')).toBe(' \\u0301');
  expect(encodeText('\u001b\u0301')).toBe('\\x1b\\u0301');
});

test('cutting and wrapping keep to the width and never leave half an escape', () => {
  fc.assert(
    fc.property(hostileText, fc.integer({ min: 12, max: 60 }), (text, width) => {
      const encoded = encodeText(text);
      for (const cut of [cutEnd(encoded, width), cutStart(encoded, width)]) {
        expect(stringWidth(cut)).toBeLessThanOrEqual(width);
        expect(cut).not.toMatch(NEVER_RAW);
      }
      for (const line of wrap(encoded, width)) expect(widthOf(line)).toBeLessThanOrEqual(width);
    }),
    { numRuns: 300 },
  );
  expect(cutEnd('ab\\x1bcd', 5)).toBe('ab…');
  expect(cutStart('ab\\x1bcd', 5)).toBe('…cd');
});

const fleetOf = (text: string): VisitedHost[] => [
  hostileHost(text),
  hostileHost(`${text}x`),
  saturatedHost('db-1'),
  healthyHost(`${text}h`, { limits: [text] }),
  lostHost(`${text}l`, { phase: 'connect', kind: 'not-ssh', message: `answered ${text}` }),
  lostHost(`${text}s`, { phase: 'deadline', kind: 'suspected-hung', message: text }, 89),
  // Enough of one kind that some of them are folded.
  ...[1, 2, 3, 4].map((n) => ({ ...hostileHost(text), host: `${text}f${n}` })),
  lostHost(`${text}i`, { phase: 'sample', kind: 'interrupted', message: text }),
];

test('no raw control byte reaches a terminal, at any width, for one host or many', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom(60, 80, 120, 200), (text, width) => {
      for (const hosts of [[hostileHost(text)], fleetOf(text), fleetOf(text).slice(4, 5)]) {
        const shown = renderTerminal(reportOf(hosts), { width, paint: paintFor(false) });
        const lines = shown.split('\n');
        for (const line of lines) {
          expect(line).not.toMatch(NEVER_RAW);
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        }
      }
    }),
    { numRuns: 60 },
  );
});

test('with colour the only escape sequences are our own colours', () => {
  for (const text of HOSTILE_TEXTS) {
    const shown = renderTerminal(reportOf(fleetOf(text)), { width: 120, paint: paintFor(true) });
    const withoutOurs = shown.replace(/\u001b\[[0-9]{1,2}m/gu, '');
    for (const line of withoutOurs.split('\n')) expect(line).not.toMatch(NEVER_RAW);
  }
});

test('plain text holds no raw control byte, and a host cannot add a line to it', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      fc.pre(text !== '');
      const lines = renderPlain(reportOf(fleetOf(text))).split('\n');
      for (const line of lines) expect(line).not.toMatch(NEVER_RAW);
      expect(lines.length).toBe(renderPlain(reportOf(fleetOf('harmless'))).split('\n').length);
    }),
    { numRuns: 60 },
  );
});

test('JSON reads back as the very same text and holds no raw control, bidi or zero-width character', () => {
  fc.assert(
    fc.property(hostileText, (text) => {
      const report = reportOf(fleetOf(text));
      const json = [...renderJson(report)].join('');
      expect(JSON.parse(json)).toEqual(report);
      const bare = json.replaceAll('\n', '');
      expect(bare).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
    }),
    { numRuns: 60 },
  );
});

test('an ndjson record is one line, whatever the host sent', () => {
  for (const text of HOSTILE_TEXTS) {
    const report = reportOf(fleetOf(text));
    for (const line of [...report.hosts.map(renderHostLine), renderSweepLine(report)]) {
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(() => JSON.parse(line)).not.toThrow();
    }
  }
});

const NOW = Date.parse('2018-12-05T19:27:10.000Z');

/** What is remembered of a fleet that sends this text, shown in every way. */
function remembered(text: string) {
  const report = reportOf(fleetOf(text), { id: `id${text}`, asked: [text, `@${text}`] });
  const earlier = reportOf([hostileHost(`${text}x`), healthyHost(text), saturatedHost(`${text}h`)], { asked: [text] });
  const rows = report.hosts.map(rankingRowOf);
  const diff = diffOf(earlier.hosts.map(rankingRowOf), rows);
  const entries = [{ ...report.sweep, counts: countStandings(report.hosts) }, earlier.sweep];
  const findings = report.hosts.map((host) => ({ sweepId: text, host }));
  const seen = { sweep: report.sweep, nowMs: NOW };
  const compared = { from: earlier.sweep, to: report.sweep, nowMs: NOW };
  const noted = [{ atMs: NOW, diff }];
  return {
    terminal: (options: { width: number; paint: ReturnType<typeof paintFor> }): string[] => [
      ...report.hosts.map((host) => renderExplain(host, seen, options)),
      renderHistory(entries, NOW, options),
      renderHostHistory(text, findings, NOW, options),
      renderDiff(diff, compared, options),
      watchPicture(report, noted, { width: options.width, height: 40 }, options.paint).join('\n'),
      wholeChangeLines(noted, 40, options.width, options.paint).join('\n'),
    ],
    plain: [
      ...report.hosts.map((host) => renderExplainPlain(host, seen)),
      renderHistoryPlain(entries),
      renderHostHistoryPlain(text, findings),
      renderDiffPlain(diff, compared),
    ],
    json: [
      ...report.hosts.map((host) => renderExplainJson(host, report.sweep)),
      renderHistoryJson(entries),
      renderHostHistoryJson(text, findings),
      renderDiffJson(diff, earlier.sweep, report.sweep),
    ],
  };
}

test('what is remembered is shown without a raw control byte, at any width', () => {
  fc.assert(
    fc.property(hostileText, fc.constantFrom(60, 80, 120, 200), (text, width) => {
      for (const shown of remembered(text).terminal({ width, paint: paintFor(false) })) {
        for (const line of shown.split('\n')) {
          expect(line).not.toMatch(NEVER_RAW);
          expect(stringWidth(line)).toBeLessThanOrEqual(width);
        }
      }
    }),
    { numRuns: 40 },
  );
});

test('what is remembered is coloured by our own colours only', () => {
  for (const text of HOSTILE_TEXTS) {
    const shown = remembered(text)
      .terminal({ width: 120, paint: paintFor(true) })
      .join('');
    for (const line of shown.replace(/\u001b\[[0-9]{1,2}m/gu, '').split('\n')) expect(line).not.toMatch(NEVER_RAW);
  }
});

test('in plain text of what is remembered nobody adds a line', () => {
  // The rank, and so the order, depends on the name.
  const lineCounts = (plain: readonly string[]): number[] => plain.map((each) => each.split('\n').length).sort();
  const harmless = lineCounts(remembered('harmless').plain);
  fc.assert(
    fc.property(hostileText, (text) => {
      fc.pre(text !== '');
      const shown = remembered(text).plain;
      expect(lineCounts(shown)).toEqual(harmless);
      for (const line of shown.join('').split('\n')) expect(line).not.toMatch(NEVER_RAW);
    }),
    { numRuns: 60 },
  );
});

test('JSON of what is remembered reads back and holds nothing that acts on a terminal', () => {
  for (const text of HOSTILE_TEXTS) {
    for (const json of remembered(text).json) {
      expect(() => JSON.parse(json)).not.toThrow();
      expect(json.replaceAll('\n', '')).not.toMatch(
        /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u,
      );
    }
  }
});
