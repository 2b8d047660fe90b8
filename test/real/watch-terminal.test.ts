import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'string-width';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { answer, wireOf } from '../bundle-answer.ts';
import { answering } from '../faults/answering-host.ts';
import { loopbackFleet } from '../faults/loopback-fleet.ts';
import { startSshServer } from '../faults/ssh-server.ts';
import { needs } from '../needs.ts';
import { openTerminal, type Terminal, waitFor } from './tmux-terminal.ts';
import { WHODISK } from './whodisk-command.ts';

vi.setConfig({ testTimeout: 120_000 });

const need = needs('tmux');
const PATIENCE_MS = 60_000;
const HOSTS = 6;

const ends: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

const LITTLE = 'sda 0 0 0 4 4096 4 0 3 4';
const QUIET = answer({
  ticks: `T 1001.00\n${LITTLE}\nT 1002.00\n${LITTLE}\n`,
  'ticks 2': `T 1003.00\n${LITTLE}\nT 1004.00\n${LITTLE}\n`,
  'file b /proc/diskstats':
    '   8 0 sda 100 0 800 50 1020 0 90000 9020 0 40020 50030\n   8 1 sda1 100 0 800 50 1020 0 90000 9020 0 40020 50030\n',
  'procs 1000.05 1005.05': '100 1 10000 p S 0 0 1 0 100 0 100 0 100 0 python\n',
});

interface Watched {
  readonly terminal: Terminal;
  readonly folder: string;
  readonly reply: { loaded: number; held: (() => void)[]; isHeld: boolean };
}

/** Of the hosts that ask in turn the first `loaded` are saturated; answers are held back where `isHeld` says so, all but the first two. */
async function watched(columns: number, options: string, more: { isHeld?: boolean } = {}): Promise<Watched> {
  const reply: Watched['reply'] = { loaded: 2, held: [], isHeld: more.isHeld ?? false };
  let asked = 0;
  const server = await startSshServer({
    isEveryLoopback: true,
    onExec: answering((nonce, channel) => {
      const turn = asked++ % HOSTS;
      const send = (): void => {
        channel.write(`${wireOf(turn < reply.loaded ? answer() : QUIET, nonce)}${nonce} end 0 complete\n`);
      };
      if (reply.isHeld && turn >= 2) reply.held.push(send);
      else send();
    }),
  });
  const { folder } = loopbackFleet({ server, hosts: HOSTS });
  const terminal = openTerminal(folder, { columns, rows: 24 });
  ends.push(terminal.close, server.stop, () => rmSync(folder, { recursive: true, force: true }));
  const words = [process.execPath, WHODISK, '@fleet', '-w', '1', '-F', '/dev/null'].map(shellWord).join(' ');
  writeFileSync(
    join(folder, 'go'),
    // The Ctrl-C is for what it runs.
    `trap : INT\nseq -f 'earlier %g' 1 40\nXDG_STATE_HOME=${folder} ${words} ${options}\necho "status $?"\n`,
  );
  terminal.run('sh ./go');
  return { terminal, reply, folder };
}

const seen = (terminal: Terminal, what: RegExp): Promise<void> =>
  waitFor(() => what.test(terminal.lines().join('\n')), String(what), terminal.screen, PATIENCE_MS);

describe.skipIf(need.skip)('a sweep in a terminal', () => {
  test.each([60, 80, 200])(
    'grows its table at %d columns, and leaves it in its order with the next command',
    async (columns) => {
      const { terminal, reply } = await watched(columns, '', { isHeld: true });
      await seen(terminal, /^# {2}HOST +DISK +VERDICT[\s\S]*\n2 {2}host-\d +sda +SATURATED.*\n2 of 6 hosts, /m);
      await waitFor(() => reply.held.length === HOSTS - 2, 'the other hosts', terminal.screen, PATIENCE_MS);
      for (const send of reply.held.splice(0)) send();
      await seen(terminal, /^next: whodisk explain host-\d {2}# its evidence, step by step\n[\s\S]*status 0/m);
      const all = terminal.screen();
      expect(all).toMatch(/^6 hosts: 2 saturated, 4 healthy/m);
      // Nothing of the table that grew is left above what stays, which is the whole, and the ranking again since that is long.
      const [before, whole, again, ...more] = all.split(/^6 hosts: .*\n/mu);
      expect(before).not.toMatch(/^# {2}HOST/mu);
      expect(whole?.match(/^# {2}HOST/gmu)).toHaveLength(1);
      expect(again).toMatch(
        /^2 hosts share a culprit: [\s\S]*?\n# {2}HOST.*\n1 {2}host-.*\n2 {2}host-.*\n4 healthy\n\nnext: /u,
      );
      expect(more).toEqual([]);
      expect(all).not.toMatch(/^\d of 6 hosts/mu);
      expect(all).toMatch(/^earlier 1$[\s\S]*^earlier 40$/m);
      for (const line of all.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(columns);
    },
  );
});

describe.skipIf(need.skip)('a watch in a terminal', () => {
  test.each([60, 80, 200])(
    'redraws its lines at %d columns, leaves what stood above, and ends with the last words',
    async (columns) => {
      const { terminal, reply } = await watched(columns, '--watch 5');
      await seen(terminal, /^4 healthy$[\s\S]*^sweep 1 ended [0-9:]+ UTC; next in \d s; Ctrl-C ends$/m);
      reply.loaded = 0;
      await seen(terminal, /^6 healthy$[\s\S]*^changes, times in UTC:\n[0-9:]+ {2}gone +host-.*saturated/m);
      const all = terminal.screen();
      expect(all.match(/^sweep \d ended/gmu)).toHaveLength(1);
      expect(all).toMatch(/^earlier 1$[\s\S]*^earlier 40$/m);
      terminal.type('C-c');
      await seen(terminal, /^watched for .*: \d+ sweeps, 1 change$[\s\S]*^status 130$/m);
      expect(terminal.screen()).toMatch(/^6 hosts: 6 healthy/m);
      expect(terminal.screen()).not.toMatch(/^sweep \d ended/m);
    },
  );

  test('goes on below what a terminal of another size shows', async () => {
    const { terminal, reply } = await watched(120, '--watch 5');
    await seen(terminal, /^sweep 1 ended/m);
    terminal.resize(70, 20);
    reply.loaded = 0;
    await seen(terminal, /^6 healthy$[\s\S]*^sweep \d ended/m);
    for (const line of terminal.lines()) expect(stringWidth(line)).toBeLessThanOrEqual(70);
    terminal.type('C-c');
    await seen(terminal, /^status 130$/m);
  });

  test('where it is no terminal that it writes to adds lines only', async () => {
    const { terminal, reply, folder } = await watched(80, '--watch 5 >out 2>err');
    const out = (): string => (existsSync(join(folder, 'out')) ? readFileSync(join(folder, 'out'), 'utf8') : '');
    await waitFor(() => /^2\. host-\d: saturated/m.test(out()), 'the first sweep', out, PATIENCE_MS);
    reply.loaded = 0;
    await waitFor(() => /^gone: host-\d: healthy/m.test(out()), 'the change', out, PATIENCE_MS);
    terminal.type('C-c');
    await seen(terminal, /status 130$/m);
    expect(out()).toMatch(/^watched for .*: \d+ sweeps, 1 change\n$/m);
    expect(out()).not.toContain('\u001b');
    expect(readFileSync(join(folder, 'err'), 'utf8')).toBe('');
  });
});
