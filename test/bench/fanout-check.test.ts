import { describe, expect, test } from 'vitest';
import { captureOf } from '../../runner/capture.ts';
import type { Host, Report } from '../../runner/report.ts';
import { findPatterns } from '../../runner/triage/patterns.ts';
import { rankHosts } from '../../runner/triage/rank.ts';
import { triage } from '../../runner/triage/triage.ts';
import { answerOf } from './fanout-answers.ts';
import { wrongInClush, wrongInReplay, wrongWithStale } from './fanout-check.ts';
import type { ReplayingHost } from './fanout-site.ts';
import { recordedFrames } from './replay-host.ts';

const recorded = recordedFrames();
const replaying: ReplayingHost[] = Array.from({ length: 24 }, (_, index) => ({
  address: `127.1.0.${index + 1}`,
  ...answerOf(recorded, index),
}));

/** What a correct sweep reports, with what `change` makes of one host. */
function report(change: (host: Host, index: number) => Host = (host) => host): Report {
  const visited = replaying.map(({ address, frames }) => {
    const capture = captureOf(frames);
    if (capture === undefined) throw new Error('no greeting');
    const cost = { bytesReceived: 17_000, clientMs: 5000 };
    return { host: address, status: 'swept' as const, ...triage(capture.samples), cost };
  });
  const hosts = rankHosts(visited).map(change);
  const counts = { targets: hosts.length, swept: hosts.length, notSwept: 0 };
  const startedAt = '2026-01-01T00:00:00.000Z';
  return {
    schemaVersion: 1,
    sweep: { id: 's', trigger: 'cli', status: 'complete', startedAt, windowSeconds: 5, ...counts },
    hosts,
    patterns: findPatterns(hosts),
  };
}

describe('the check of the fan-out benchmark', () => {
  test('has no complaint about a correct report', () => {
    expect(wrongInReplay(report(), replaying)).toEqual([]);
  });

  test('notices an answer that was taken for that of another host', () => {
    const [first, second] = report().hosts;
    const swapped = report((host, index) => (index === 0 ? { ...host, disks: second?.disks ?? [] } : host));
    const wrong = wrongInReplay(swapped, replaying);
    expect(wrong.join('\n')).toContain(`${first?.host}: pid is `);
    expect(wrong.join('\n')).toContain(`${first?.host}: its disks are not its own`);
  });

  test('notices a figure that is off, a host that is missing, one that was not swept and a false rank', () => {
    const off = report((host, index) => (index === 3 ? { ...host, score: host.score - 0.1 } : host));
    expect(wrongInReplay(off, replaying).join('\n')).toMatch(/has the score/);
    const [gone, ...rest] = report().hosts;
    expect(wrongInReplay({ ...report(), hosts: rest }, replaying)).toContain(`${gone?.host} is missing`);
    const partial = report((host, index) => (index === 5 ? { ...host, status: 'partial' } : host));
    expect(wrongInReplay(partial, replaying).join('\n')).toMatch(/is partial/);
    const reversed = { ...report(), hosts: report().hosts.toReversed() };
    expect(wrongInReplay(reversed, replaying).join('\n')).toMatch(/has rank/);
  });

  test('notices a pattern with a host left out', () => {
    const whole = report();
    const patterns = whole.patterns.map((pattern) => ({ ...pattern, hosts: pattern.hosts.slice(1) }));
    expect(wrongInReplay({ ...whole, patterns }, replaying).join('\n')).toMatch(/no pattern has the 3 hosts of/);
  });

  test("notices that another run's nonce was let through", () => {
    const stale = replaying[0]?.address ?? '';
    expect(wrongWithStale(report(), stale)).toEqual([`${stale} is swept, not not-swept, parse, bad-answer`]);
  });

  test('notices what clush did not get whole', () => {
    const end = `${'a'.repeat(32)} end 0 complete`;
    expect(wrongInClush(`127.1.0.1: ${end}\n127.1.0.2: ${end.slice(0, 20)}\n`, ['127.1.0.1', '127.1.0.2'])).toEqual([
      'clush has no whole answer of 127.1.0.2',
    ]);
  });
});
