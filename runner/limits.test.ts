import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { almostLines, HOSTILE_LINES } from '../test/hostile-lines.ts';
import { limitsOf, parseNotes, type SeenFacts } from './limits.ts';

const root: SeenFacts = { privilege: 'root', euid: 0, mode: 'awk', hasPressure: true, machine: 'x86_64' };
const said = (text: string, facts: Partial<SeenFacts> = {}) => limitsOf(parseNotes(text), { ...root, ...facts });

describe('limitsOf', () => {
  test('a host that was seen whole has no limits', () => {
    expect(said('processes 130\nunreadable 0\n')).toEqual([]);
  });

  test('unprivileged: how many processes were not readable, and what is invisible then', () => {
    expect(said('processes 300\nunreadable 212\n', { privilege: 'user', euid: 1000 })).toEqual([
      expect.stringMatching(/^212 of 300 processes unreadable: not root \(run as uid 1000\);.*invisible$/),
    ]);
    expect(said('processes 300\nunreadable 212\n', { privilege: 'user', euid: undefined })).toEqual([
      expect.stringMatching(/^212 of 300 processes unreadable: not root;.*invisible$/),
    ]);
  });

  test('root: nothing is invisible to it, unless processes are', () => {
    expect(said('processes 300\nunreadable 212\n', { privilege: 'root', euid: 0 })).toEqual([
      '212 of 300 processes unreadable, though run as root',
    ]);
  });

  test('unprivileged is said even where hidepid hides that there is anything to read', () => {
    expect(said('processes 3\n', { privilege: 'user', euid: 1000 }).join()).toMatch(/not root/);
  });

  test('an answer that is played from a recording says so', () => {
    expect(said('processes 130\nunreadable 0\nrecorded\n')).toEqual([
      'a recording, played back: what it shows was so when it was recorded, and is not now',
    ]);
  });

  test('no awk, no pressure, an unknown machine', () => {
    expect(said('', { mode: 'bare', hasPressure: false, machine: 'unknown' })).toEqual([
      expect.stringContaining('awk'),
      expect.stringContaining('machine'),
      expect.stringContaining('/proc/pressure'),
    ]);
  });

  test('a machine whose calls are known by number only', () => {
    expect(said('', { machine: 'ppc64le' })).toEqual([expect.stringContaining('of a ppc64le are not named')]);
    expect(said('', { machine: 'aarch64' })).toEqual([]);
  });

  test.each([
    ['capped-processes 4000 50000', 'truncated: 4000 of 50000 processes were read'],
    ['capped-threads 77 32 900', 'truncated: 32 of 900 threads of process 77 were looked at every time'],
    ['capped-fds 77 256 4000', 'truncated: 256 of 4000 open files of process 77 were read'],
    ['capped-devices 64 300', 'truncated: 64 of 300 block devices were read'],
  ])('%s is said', (note, sentence) => {
    expect(said(note)).toEqual([sentence]);
  });

  test('the same note about two processes is said twice', () => {
    expect(said('capped-fds 1 256 400\ncapped-fds 2 256 500\n')).toHaveLength(2);
  });

  test('a note that is not known is shown as it came, one that is too short too', () => {
    expect(said('new-thing 7')).toEqual(['bundle note: new-thing 7']);
    expect(said('capped-processes 4')).toEqual(['bundle note: capped-processes 4']);
  });

  test.each(['unreadable NaN', 'unreadable -1', 'unreadable 1e3', 'processes x\nunreadable 18446744073709551616'])(
    '%j is not believed',
    (text) => {
      expect(said(text)).toEqual([]);
    },
  );

  test.each(HOSTILE_LINES.map((line) => [line.slice(0, 30), line]))(
    'a note %j does not flood the limits',
    (_, line) => {
      expect(said(line).join('').length).toBeLessThan(1000);
      expect(said(`${line}\n`.repeat(20)).join('').length).toBeLessThan(20_000);
    },
  );

  test('never says "undefined" or "NaN", whatever is sent', () => {
    fc.assert(
      fc.property(
        almostLines('processes', 'unreadable', 'capped-processes', 'capped-threads', 'capped-fds', 'no-ls', '7').map(
          (text) => text.replaceAll('NaN', ''),
        ),
        (text) => {
          expect(said(text, { privilege: 'user', euid: undefined }).join('\n')).not.toMatch(/undefined|NaN/);
        },
      ),
    );
  });
});
