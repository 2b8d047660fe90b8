import { EventEmitter } from 'node:events';
import { PassThrough, Writable } from 'node:stream';
import { expect, test, vi } from 'vitest';
import type { VisitedHost } from '../../runner/report.ts';
import { healthyHost, refused, saturatedHost } from '../../test/findings.ts';
import type { SweepCommand } from './commands.ts';
import type { PreparedSweep } from './prepare-sweep.ts';
import type { Surroundings } from './surroundings.ts';
import { watchSweeps } from './watch-sweeps.ts';

vi.setConfig({ testTimeout: 30_000 });

const HANGS = 'hangs';
type Course = readonly (readonly VisitedHost[] | typeof HANGS)[];

/** Sweep after sweep as it is written; after the last one all stays as it was. */
function fleet(course: Course) {
  const spans: { from: number; to: number }[] = [];
  let running = 0;
  let most = 0;
  const visits = (): PreparedSweep['visits'] => {
    const turn = course[Math.min(spans.length, course.length - 1)] ?? [];
    const names = (course.find((hosts) => hosts !== HANGS) ?? []).map(({ host }) => host);
    return {
      kind: 'visits',
      names,
      width: 4,
      notes: [],
      start: async function* () {
        const span = { from: performance.now(), to: 0 };
        spans.push(span);
        running += 1;
        most = Math.max(most, running);
        if (turn === HANGS) await new Promise(() => {});
        else yield* turn;
      },
      end: () => {
        running -= 1;
        const span = spans.at(-1);
        if (span) span.to = performance.now();
      },
    };
  };
  const prepared: PreparedSweep = {
    kind: 'prepared',
    visits: visits(),
    again: async () => visits(),
    settings: {
      windowSeconds: 1,
      deadlineSeconds: 11,
      forks: 4,
      hostKeys: 'strict',
      privilege: 'auto',
      privilegeGiven: false,
      args: false,
    },
    store: { kind: 'none' },
    retentionDays: 1,
    asked: ['@db'],
  };
  return { prepared, spans, most: () => most };
}

const surroundings: Surroundings = {
  hostName: 'here',
  user: 'me',
  homeDirectory: '/nonexistent',
  workingDirectory: '/',
  env: {},
  stateFolder: '/nonexistent/whodisk',
  columns: 80,
  colour: false,
  forcedColour: false,
  isDumbTerminal: false,
};

interface Options {
  readonly isTTY?: boolean;
  readonly isDumb?: boolean;
  readonly stdout?: Writable;
  readonly more?: Partial<SweepCommand>;
  readonly watchSeconds?: number;
}

function watch(course: Course, { isTTY = false, isDumb = false, stdout, more, watchSeconds = 0.02 }: Options = {}) {
  const texts = { out: '', err: '' };
  const keep = (name: 'out' | 'err'): PassThrough => {
    const stream = new PassThrough();
    stream.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
    return stream;
  };
  const streams = Object.assign(new EventEmitter(), {
    stdin: new PassThrough(),
    stdout: Object.assign(stdout ?? keep('out'), { isTTY, columns: 80, rows: 24 }),
    stderr: Object.assign(keep('err'), { isTTY, columns: 80, rows: 24 }),
    platform: 'linux',
    exit: () => {},
  });
  const interrupt = new AbortController();
  const { prepared, ...rest } = fleet(course);
  const command = {
    kind: 'sweep',
    targets: ['@db'],
    inventories: [],
    identities: [],
    args: false,
    watchSeconds,
  } as const;
  const status = watchSweeps(
    { ...command, ...more, watchSeconds },
    prepared,
    { ...surroundings, isDumbTerminal: isDumb },
    streams,
    interrupt.signal,
  );
  const swept = (sweeps: number): Promise<void> =>
    vi.waitFor(() => expect(rest.spans.filter(({ to }) => to > 0).length).toBeGreaterThanOrEqual(sweeps), 20_000);
  return { ...rest, status, interrupt: () => interrupt.abort(), out: () => texts.out, err: () => texts.err, swept };
}

const well = [healthyHost('db-1'), healthyHost('db-2')];
const ill = [saturatedHost('db-1'), healthyHost('db-2')];

test('in a pipe the first sweep is told whole, each later one by what changed, and a Ctrl-C gives the last words: 130', async () => {
  const watched = watch([well, ill, ill, well]);
  await watched.swept(4);
  watched.interrupt();
  expect(await watched.status).toBe(130);
  const lines = watched.out().trimEnd().split('\n');
  expect(lines[0]).toMatch(/^sweep [0-9A-Z]{26}: complete, 2 targets/);
  expect(lines.filter((line) => line.startsWith('sweep '))).toHaveLength(1);
  const told = lines.filter((line) => /^(?:diff|new|gone): /u.test(line)).slice(0, 5);
  expect(told).toEqual([
    expect.stringMatching(/^diff: .*: 1 new; 1 unchanged$/),
    expect.stringMatching(/^new: db-1: saturated by logtest\.py/),
    expect.stringMatching(/^diff: .*: Nothing has changed: 2 unchanged$/),
    expect.stringMatching(/^diff: .*: 1 gone; 1 unchanged$/),
    expect.stringMatching(/^gone: db-1: healthy; was saturated/),
  ]);
  expect(lines.at(-1)).toMatch(/^watched for [0-9.]+ m?s: [0-9]+ sweeps, 2 changes$/);
  expect(watched.out()).not.toContain('\u001b');
});

test('one sweep is over, and the time has passed, before the next one starts', async () => {
  const watched = watch([well], { watchSeconds: 0.2 });
  await watched.swept(3);
  watched.interrupt();
  await watched.status;
  expect(watched.most()).toBe(1);
  const pauses = watched.spans.slice(1).map(({ from }, i) => from - (watched.spans[i]?.to ?? 0));
  expect(pauses.length).toBeGreaterThanOrEqual(2);
  // Timers may be a millisecond early.
  for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(195);
});

test('a host that stays down is told of once', async () => {
  const watched = watch([well, [refused('db-1'), healthyHost('db-2')]]);
  await watched.swept(4);
  watched.interrupt();
  await watched.status;
  expect(watched.out().match(/^not compared: db-1/gmu)).toHaveLength(1);
});

test('a Ctrl-C does not wait for a sweep that hangs: the last whole one stands', async () => {
  const watched = watch([ill, HANGS], { isTTY: true });
  await vi.waitFor(() => expect(watched.spans).toHaveLength(2), 20_000);
  watched.interrupt();
  expect(await watched.status).toBe(130);
  expect(watched.out()).toMatch(/^2 hosts: 1 saturated, 1 healthy/);
  expect(watched.out()).toContain('1 sweep, no change');
  expect(watched.out()).not.toContain('interrupted');
});

test('a Ctrl-C into the first sweep gives what is known', async () => {
  const watched = watch([HANGS, well]);
  await vi.waitFor(() => expect(watched.spans).toHaveLength(1), 20_000);
  watched.interrupt();
  expect(await watched.status).toBe(130);
  expect(watched.out()).toMatch(/^sweep [0-9A-Z]{26}: interrupted, 2 targets/);
});

test('on a terminal the last lines are redrawn, nothing above them is cleared, and at the end all is said once', async () => {
  const watched = watch([well, ill, well], { isTTY: true, watchSeconds: 0.1 });
  await watched.swept(4);
  watched.interrupt();
  expect(await watched.status).toBe(130);
  // No other screen, no clearing of the whole screen or of what scrolled away, no jump to its top.
  expect(watched.err()).not.toMatch(/\u001b\[(?:\?|[123]J|H|[0-9;]+H)/u);
  expect(watched.err()).toContain('changes, times in UTC:');
  expect(watched.err()).toMatch(/NEW +db-1: saturated by logtest\.py/);
  expect(watched.err()).toMatch(/sweep [0-9]+ ended [0-9:]{8} UTC; next in 1 s; Ctrl-C ends/);
  expect(watched.out().match(/^2 hosts: 2 healthy/gmu)).toHaveLength(1);
  expect(watched.out()).toMatch(/NEW +db-1: saturated[\s\S]*gone +db-1: healthy[\s\S]*watched for/);
});

test('a terminal that cannot rewrite lines gets only more of them', async () => {
  const watched = watch([well, ill], { isTTY: true, isDumb: true });
  await watched.swept(2);
  watched.interrupt();
  await watched.status;
  expect(watched.err()).toBe('');
  expect(watched.out()).not.toContain('\u001b');
  expect(watched.out()).toMatch(/^2 hosts: 2 healthy[\s\S]*NEW\ndb-1: saturated[\s\S]*watched for/u);
});

test('as JSON every sweep has its hosts and its line, and nothing else is among them', async () => {
  const watched = watch([well, ill], { more: { format: 'ndjson' } });
  await watched.swept(3);
  watched.interrupt();
  await watched.status;
  const types = watched
    .out()
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line).type);
  expect(types.slice(0, 9)).toEqual(['host', 'host', 'sweep', 'host', 'host', 'sweep', 'host', 'host', 'sweep']);
});

test('what --fail-on names ends the watch, with its status', async () => {
  const watched = watch([well, well, ill], { more: { failOn: 'saturated' } });
  expect(await watched.status).toBe(5);
  expect(watched.spans).toHaveLength(3);
  expect(watched.out()).toContain('new: db-1: saturated');
});

test('it ends quietly when nobody reads any more', async () => {
  const gone = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write EPIPE'), { code: 'EPIPE' })),
  });
  const watched = watch([well], { stdout: gone });
  expect(await watched.status).toBe(0);
  expect(watched.err()).toBe('');
  expect(watched.spans).toHaveLength(1);
});

test('a disk that is full ends it with the reason', async () => {
  const full = new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error('write ENOSPC'), { code: 'ENOSPC' })),
  });
  const watched = watch([well], { stdout: full });
  expect(await watched.status).toBe(1);
  expect(watched.err()).toContain('the results cannot be written: write ENOSPC');
});
