import { describe, expect, test, vi } from 'vitest';
import { ANSWER, type Answer, answer, wireOf } from '../test/bundle-answer.ts';
import { type VisitedHost, visitedHostSchema } from './report.ts';
import type { Exchange, Outcome, Transport } from './transport.ts';
import { type VisitOptions, visitHost } from './visit.ts';

const options: VisitOptions = { windowSeconds: 5, deadlineSeconds: 15, privilege: 'auto', args: false };
const OTHER_NONCE = 'f'.repeat(32);

const nonceOf = (exchange: Exchange): string => {
  const nonce = /^whodisk ([0-9a-f]{32}) /m.exec(exchange.input())?.[1];
  if (nonce === undefined) throw new Error('no call in the input');
  return nonce;
};

/** The clock, which waits can be left out of. */
const elapsed = performance.now.bind(performance);
let leftOutMs = 0;
vi.spyOn(performance, 'now').mockImplementation(() => elapsed() + leftOutMs);

/**
 * The far end of the wire: what it sends for the nonce it was given, and how it ends. Sent in pieces, as a network would, spread over
 * `sendingMs`; one that runs into the deadline is silent until then.
 */
function wire(sends: (nonce: string) => string, ends: Partial<Outcome> = {}, sendingMs = 0): Transport {
  return async (exchange) => {
    const bytes = Buffer.from(sends(nonceOf(exchange)));
    let whole = false;
    for (let at = 0; at < bytes.length && !whole; at += 1000) {
      leftOutMs += sendingMs / Math.ceil(bytes.length / 1000);
      whole = exchange.onOutput(bytes.subarray(at, at + 1000));
    }
    if (ends.failure?.phase === 'deadline') leftOutMs += exchange.deadlineMs - sendingMs;
    return {
      stderr: '',
      bytesReceived: bytes.length,
      address: '10.77.0.11',
      port: 22,
      ...(whole ? {} : ENDED),
      ...ends,
    };
  };
}

const ENDED: Partial<Outcome> = {
  failure: { phase: 'sample', kind: 'ended-early', message: 'the channel was closed' },
};
const DEADLINE: Partial<Outcome> = {
  failure: { phase: 'deadline', kind: 'deadline-exceeded', message: 'did not finish within 15 s' },
};
const end = (nonce: string, how = 'complete'): string => `${nonce} end 0 ${how}\n`;
const whole = (parts: Answer) => (nonce: string) => wireOf(parts, nonce) + end(nonce);

async function visit(transport: Transport, more: Partial<VisitOptions> = {}): Promise<VisitedHost> {
  const host = await visitHost({ name: 'h1' }, transport, { ...options, ...more }, new AbortController().signal);
  expect(visitedHostSchema.safeParse(host).error?.issues ?? []).toEqual([]);
  return host;
}

describe('a host that answers', () => {
  test('is swept: verdict, culprit, address and cost', async () => {
    const host = await visit(wire(whole(ANSWER)));
    expect(host).toMatchObject({
      host: 'h1',
      status: 'swept',
      address: '10.77.0.11',
      port: 22,
      verdict: 'saturated',
      privilege: 'root',
      disks: [{ device: 'sda', culprits: [{ pid: 100 }] }, { device: 'sdb' }],
      cost: { hostCpuMs: 105 },
    });
    expect(host).not.toHaveProperty('failure');
  });

  test('may say what it likes before the first frame', async () => {
    const motd = `Welcome\r\n\u001b[2J${'*'.repeat(100_000)}\n`;
    expect(await visit(wire((nonce) => motd + whole(ANSWER)(nonce)))).toMatchObject({
      status: 'swept',
      verdict: 'saturated',
    });
  });

  test('is asked with a nonce that is new each time and stands in no command line', async () => {
    const seen: Exchange[] = [];
    const transport: Transport = async (exchange) => {
      seen.push(exchange);
      return { stderr: '', bytesReceived: 0, ...ENDED };
    };
    await visit(transport);
    await visit(transport);
    const nonces = seen.map(nonceOf);
    expect(new Set(nonces).size).toBe(2);
    for (const [i, { command }] of seen.entries()) expect(command).not.toContain(nonces[i]);
  });

  test('is given its hard limit and caps on both streams', async () => {
    let asked: Exchange | undefined;
    await visit(async (exchange) => {
      asked = exchange;
      return { stderr: '', bytesReceived: 0, ...ENDED };
    });
    expect(asked).toMatchObject({ deadlineMs: 15_000 });
    expect(asked?.maxOutputBytes).toBeLessThanOrEqual(1024 * 1024);
    expect(asked?.maxErrorBytes).toBeLessThanOrEqual(65_536);
  });

  const unprivileged = answer({
    hello: 'version 1\nmode awk\nprivilege user\neuid 1000\npid 900\nmachine x86_64\n',
    note: 'processes 130\nunreadable 90\n',
  });

  test.each([
    ['motd\nsudo: a password is required\n', 'sudo -n did not help (sudo: a password is required)'],
    ['sh: 1: sudo: not found\n', 'there is no sudo on the host'],
    ['/bin/sh: line 1: sudo: command not found\n', 'there is no sudo on the host'],
    ['', 'sudo -n did not help, and did not say why'],
  ])('unprivileged: what sudo said (%j) is said in limits', async (stderr, limit) => {
    const host = await visit(wire(whole(unprivileged), { stderr }));
    expect(host.privilege).toBe('user');
    expect(host.limits).toContain(limit);
    expect(host.limits.join()).toContain('90 of 130 processes unreadable: not root (run as uid 1000)');
  });

  test('nothing is said of sudo where it was not tried: as root, and where the user alone was asked for', async () => {
    const stderr = 'sudo: a password is required\n';
    for (const [parts, privilege] of [
      [ANSWER, 'auto'],
      [unprivileged, 'user'],
    ] as const) {
      const host = await visit(wire(whole(parts), { stderr }), { privilege });
      expect(host.limits.join()).not.toContain('sudo');
    }
  });
});

describe('a host that does not answer to the end', () => {
  test('no END: partial, and what had come is judged', async () => {
    const host = await visit(wire((nonce) => wireOf(ANSWER, nonce)));
    expect(host).toMatchObject({ status: 'partial', verdict: 'saturated', failure: { kind: 'ended-early' } });
    expect(host.limits.join()).toMatch(/incomplete: /);
  });

  test('an END that says partial: so is the host, with the reason', async () => {
    const host = await visit(wire((nonce) => wireOf(ANSWER, nonce) + end(nonce, 'partial fork-failed')));
    expect(host).toMatchObject({
      status: 'partial',
      verdict: 'saturated',
      failure: { phase: 'sample', kind: 'ended-early', message: expect.stringContaining('fork-failed') },
    });
  });

  test('a frame that was cut makes the host partial, and the others are kept', async () => {
    const host = await visit(wire((nonce) => `${wireOf(ANSWER, nonce)}${nonce} note 5000\nprocesses 1\n${end(nonce)}`));
    expect(host).toMatchObject({ status: 'partial', verdict: 'saturated' });
    expect(host.limits.join()).toMatch(/1 frames were cut or malformed/);
  });

  test.each([
    ['connect', 'refused'],
    ['hostkey', 'hostkey-changed'],
    ['auth', 'auth-refused'],
    ['resolve', 'name-not-found'],
    ['sample', 'output-cap'],
    ['sample', 'interrupted'],
  ] as const)('what the transport says of %s, %s passes through', async (phase, kind) => {
    const failure = { phase, kind, message: `because of ${kind}` };
    expect(await visit(wire(() => '', { failure }))).toMatchObject({
      status: 'not-swept',
      failure,
      verdict: 'inconclusive',
      disks: [],
      summary: `because of ${kind}`,
    });
  });

  const only = (kinds: RegExp, parts: Answer = ANSWER) => new Map([...parts].filter(([key]) => kinds.test(key)));
  const SILENT = { phase: 'deadline', kind: 'suspected-hung', message: 'silent after the log-in' } as const;

  test('silence after the shell had started is a suspected hang, and keeps what had come', async () => {
    const host = await visit(wire((nonce) => wireOf(only(/^(hello|file a)/), nonce), DEADLINE));
    expect(host).toMatchObject({
      status: 'partial',
      failure: {
        phase: 'deadline',
        kind: 'suspected-hung',
        message: expect.stringMatching(/\d+ bytes came, 9 frames/),
      },
      verdict: 'inconclusive',
      score: 89,
    });
    expect(host.summary).toMatch(/let us in, then stalled/);
    expect(host.kernel).toBe('5.10.0-21-amd64');
  });

  test('a suspected hang that the transport reports ranks as high, without a frame', async () => {
    expect(await visit(wire(() => '', { failure: SILENT }))).toMatchObject({
      status: 'not-swept',
      failure: SILENT,
      score: 89,
    });
  });

  test.each([
    ['a banner on stdout', '*** Welcome ***\n', {}, /nothing of our answer; the host said: \*\*\* Welcome/],
    [
      'a word on stderr',
      '',
      { stderr: 'mesg: no tty\n', bytesReceived: 13 },
      /13 bytes came.*the host said: mesg: no tty/,
    ],
    ['bytes that trickle', 'xxxxxxxxxxxxx', {}, /13 bytes came, nothing of our answer/],
  ])('%s before the silence is no sign of life', async (_, stdout, more, message) => {
    const host = await visit(wire(() => stdout, { ...DEADLINE, ...more }));
    expect(host).toMatchObject({
      status: 'not-swept',
      failure: { phase: 'deadline', kind: 'suspected-hung', message: expect.stringMatching(message) },
      score: 89,
    });
  });

  test('a first frame that broke off is no answer of another run', async () => {
    const host = await visit(wire((nonce) => `motd\n${nonce} hello 120\nversion`, DEADLINE));
    expect(host).toMatchObject({ status: 'not-swept', failure: { kind: 'suspected-hung' }, score: 89 });
    expect(host.failure?.message).toMatch(/the host said: motd\)$/);
  });

  const light = 'sda 0 0 0 1 8 2 0 2 2\n';
  const healthy = answer({
    'file a /proc/diskstats': '   8 0 sda 100 0 800 50 1000 0 80000 9000 0 40000 50000\n',
    'file b /proc/diskstats': '   8 0 sda 100 0 800 50 1004 0 80032 9008 0 40008 50008\n',
    ticks: `T 1001.00\n${light}T 1002.00\n${light}`,
    'ticks 2': `T 1003.00\n${light}T 1004.00\n${light}`,
  });
  const busy = answer({
    'file a /proc/diskstats': '   8 0 sda 100 0 800 50 1000 0 80000 9000 0 40000 50000\n',
    'file b /proc/diskstats': '   8 0 sda 100 0 800 50 5000 0 2000000 13000 0 44600 54000\n',
    ticks: 'T 1001.00\nsda 0 0 0 800 384000 800 1 920 800\nT 1002.00\nsda 0 0 0 800 384000 800 1 920 800\n',
    'ticks 2': 'T 1003.00\nsda 0 0 0 800 384000 800 0 920 800\nT 1004.00\nsda 0 0 0 800 384000 800 0 920 800\n',
  });

  test.each([
    ['healthy', healthy],
    ['busy', busy],
  ])('whole, the %s host of the next tests is just that', async (verdict, parts) => {
    expect(await visit(wire(whole(parts)))).toMatchObject({ status: 'swept', verdict });
  });

  test.each([
    ['healthy', healthy],
    ['busy', busy],
    ['saturated', ANSWER],
  ])(
    'a host that freezes in mid-window is suspected to hang, though it looked %s until then',
    async (verdict, parts) => {
      const host = await visit(wire((nonce) => wireOf(only(/^(hello|file a|ticks)/, parts), nonce), DEADLINE));
      expect(host).toMatchObject({
        status: 'partial',
        failure: { phase: 'deadline', kind: 'suspected-hung' },
        verdict: verdict === 'saturated' ? 'saturated' : 'inconclusive',
        score: 89,
      });
      expect(host.summary).toMatch(/then stalled: its system disk may hang\. Seen until then: .*(?:sda|No disk)/);
      expect(host.limits.join()).toContain('incomplete: ');
    },
  );

  const LET_IN_LATE = { phase: 'deadline', kind: 'deadline-exceeded', message: 'let us in only 0.4 s before' } as const;

  test.each([
    ['healthy', healthy],
    ['busy', busy],
    ['saturated', ANSWER],
  ])('a host that still answered just before the deadline is slow, and no hang is suspected: %s', async (_, parts) => {
    const started = only(/^(hello|file a|ticks)/, parts);
    const host = await visit(wire((nonce) => wireOf(started, nonce), DEADLINE, 14_000));
    const isProven = parts === ANSWER;
    expect(host).toMatchObject({
      status: 'partial',
      failure: { phase: 'deadline', kind: 'deadline-exceeded', message: expect.stringMatching(/too slow.*--deadline/) },
      verdict: isProven ? 'saturated' : 'inconclusive',
    });
    expect(host.failure?.message).not.toContain('hang');
    expect(host.score).toBeLessThan(isProven ? 89 : 60);
    expect(host.score).toBeGreaterThanOrEqual(40);
    if (!isProven) expect(host.summary).toMatch(/^The answer came too slowly for the deadline \(raise --deadline\)/);
  });

  test.each([
    [9000, 'suspected-hung'],
    [11_000, 'deadline-exceeded'],
  ])('ticks until %i ms of 15 s: %s', async (sendingMs, kind) => {
    const host = await visit(wire((nonce) => wireOf(only(/^(hello|file a|ticks)/), nonce), DEADLINE, sendingMs));
    expect(host.failure?.kind).toBe(kind);
  });

  test('a host whose window is silent by design is not suspected before that is over', async () => {
    const greeting = only(/^(hello|file a)/);
    const long = { windowSeconds: 30, deadlineSeconds: 100 };
    const kindAfter = async (sendingMs: number) =>
      (
        await visit(
          wire((nonce) => wireOf(greeting, nonce), DEADLINE, sendingMs),
          long,
        )
      ).failure?.kind;
    expect(await kindAfter(68_000)).toBe('deadline-exceeded');
    expect(await kindAfter(66_000)).toBe('suspected-hung');
  });

  test('a banner until just before the deadline is no answer that still came', async () => {
    const host = await visit(wire(() => '*** Welcome ***\n'.repeat(500), DEADLINE, 14_000));
    expect(host).toMatchObject({ status: 'not-swept', failure: { kind: 'suspected-hung' }, score: 89 });
  });

  test('a host that let us in only just before the deadline is not swept, and no hang is suspected', async () => {
    const late: Transport = async () => ({ stderr: '', bytesReceived: 0, failure: LET_IN_LATE });
    const host = await visit(late);
    expect(host).toMatchObject({ status: 'not-swept', failure: { kind: 'deadline-exceeded' }, score: 40 });
    expect(host.summary).toMatch(/^let us in only 0\.4 s before: .* too slow .* Raise --deadline\.$/);
  });

  test.each([
    ['was cut', ENDED, ''],
    ['ran into the cap', { failure: { phase: 'sample', kind: 'output-cap', message: 'it floods' } }, ''],
    ['was interrupted', { failure: { phase: 'sample', kind: 'interrupted', message: 'interrupted' } }, ''],
    ['ended by itself', {}, 'partial signal'],
  ] as const)('an answer that %s proves no health, but keeps a saturation', async (_, ends, last) => {
    const cut = (parts: Answer) =>
      visit(wire((nonce) => wireOf(parts, nonce) + (last === '' ? '' : end(nonce, last)), ends));
    for (const [parts, seen] of [
      [healthy, 'No disk is saturated'],
      [busy, 'sda is busy'],
    ] as const) {
      const host = await cut(parts);
      expect(host).toMatchObject({ status: 'partial', verdict: 'inconclusive' });
      expect(host.summary).toMatch(/^The answer was cut short.*Seen until then: /);
      expect(host.summary).toContain(seen);
      expect(host.score).toBeGreaterThanOrEqual(40);
      expect(host.score).toBeLessThan(60);
    }
    const saturated = await cut(ANSWER);
    expect(saturated).toMatchObject({ status: 'partial', verdict: 'saturated' });
    expect(saturated.score).toBeGreaterThanOrEqual(60);
  });

  test('a healthy answer of which a frame is damaged proves no health either', async () => {
    const host = await visit(wire((nonce) => `${wireOf(healthy, nonce)}${nonce} note 5000\nx\n${end(nonce)}`));
    expect(host).toMatchObject({ status: 'partial', verdict: 'inconclusive' });
    expect(host.summary).toMatch(/^The answer came damaged/);
  });

  test.each([126, 127])('no shell: status %i', async (code) => {
    const host = await visit(wire(() => '', { exit: { code }, stderr: 'sh: not found\n' }));
    expect(host.failure).toMatchObject({
      phase: 'exec',
      kind: 'no-shell',
      message: expect.stringContaining('sh: not found'),
    });
  });

  test('a host that prints something else and ends is quoted', async () => {
    const host = await visit(wire(() => 'This account is currently not available.\n', { exit: { code: 1 } }));
    expect(host.failure).toMatchObject({
      kind: 'ended-early',
      message: expect.stringContaining('This account is currently not available.'),
    });
  });
});

describe('a hostile host', () => {
  test('an answer under the nonce of another run is refused', async () => {
    const host = await visit(wire(() => wireOf(ANSWER, OTHER_NONCE) + end(OTHER_NONCE)));
    expect(host).toMatchObject({ status: 'not-swept', failure: { phase: 'parse', kind: 'bad-answer' }, disks: [] });
  });

  test('a replayed answer in front of the real one changes nothing', async () => {
    const healthy = answer({ 'file b /proc/diskstats': '' });
    const host = await visit(wire((nonce) => wireOf(healthy, OTHER_NONCE) + end(OTHER_NONCE) + whole(ANSWER)(nonce)));
    expect(host).toMatchObject({ status: 'swept', verdict: 'saturated' });
  });

  test('an END alone is no answer', async () => {
    expect(await visit(wire((nonce) => end(nonce)))).toMatchObject({ status: 'not-swept', disks: [] });
  });

  test('nothing is taken after END', async () => {
    const host = await visit(
      wire((nonce) => whole(ANSWER)(nonce) + wireOf(answer({ hello: 'privilege user\n' }), nonce)),
    );
    expect(host).toMatchObject({ status: 'swept', privilege: 'root' });
  });

  test.each([
    ['the nonce over and over', (nonce: string) => nonce.repeat(30_000)],
    ['frames without end', (nonce: string) => `${nonce} note 1\nx\n`.repeat(20_000)],
    ['lengths that lie', (nonce: string) => `${nonce} note 1000000\n`.repeat(15_000)],
    ['line feeds', () => '\n'.repeat(1_000_000)],
  ])('%s: ended within two seconds, and not as a healthy host', { timeout: 20_000 }, async (_, sends) => {
    const started = performance.now();
    expect(await visit(wire(sends))).toMatchObject({ status: 'not-swept' });
    expect(performance.now() - started).toBeLessThan(2000);
  });

  test('a flood of frames does not hide the END', async () => {
    const host = await visit(wire((nonce) => wireOf(ANSWER, nonce) + `${nonce} note 1\nx\n`.repeat(1000) + end(nonce)));
    expect(host).toMatchObject({ verdict: 'saturated', status: 'partial' });
    expect(host).not.toHaveProperty('failure');
  });
});
