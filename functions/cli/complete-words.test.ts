import { describe, expect, it } from 'vitest';
import { SUBCOMMANDS } from './command-line.ts';
import { candidatesFor, type Names, wantedAt } from './complete-words.ts';
import { describeProgram } from './options.ts';

const KNOWN: Names = { hosts: ['db-1', 'db-2', 'web-1', 'explain'], groups: ['dbs', 'web'] };
const program = describeProgram('1.0.0');

/** The last word is the one at the cursor. */
function offered(words: readonly string[], known = KNOWN): string[] {
  return candidatesFor(wantedAt(words.slice(0, -1), words.at(-1) ?? '', program), known).map(({ text }) => text);
}
const wanted = (...words: string[]) => wantedAt(words.slice(0, -1), words.at(-1) ?? '', program);

describe('what is offered', () => {
  it('at first is every command, every group and every host that is not called like a command', () => {
    expect(offered([''])).toEqual([...SUBCOMMANDS, '@all', '@dbs', '@web', 'db-1', 'db-2', 'web-1']);
  });

  it('after a target is no command any more, and a host may be called like one', () => {
    expect(offered(['web-1', ''])).toEqual(['@all', '@dbs', '@web', 'db-1', 'db-2', 'web-1', 'explain']);
    expect(offered(['sweep', 'expl'])).toEqual(['explain']);
  });

  it.each([
    [['d'], ['diff', 'demo', 'db-1', 'db-2']],
    [['@d'], ['@dbs']],
    [['root@d'], ['root@db-1', 'root@db-2']],
    [
      ['-J', 'web-1,root@d'],
      ['web-1,root@db-1', 'web-1,root@db-2'],
    ],
    [
      ['explain', ''],
      ['db-1', 'db-2', 'web-1', 'explain'],
    ],
    [['explain', 'db-1', ''], []],
    [['-w', '5', 'explain', 'w'], ['web-1']],
    [['history', 'w'], ['web-1']],
    [
      ['token', ''],
      ['create', 'list', 'revoke'],
    ],
    [['store', ''], ['create']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['diff', ''], []],
    [
      ['--host-keys', ''],
      ['strict', 'accept-new'],
    ],
    [['--host-keys=a'], ['--host-keys=accept-new']],
    [['-w', ''], []],
    [['--', '--js'], []],
    [['--', 'w'], ['web-1']],
    [['no-such'], []],
  ])('at the end of %j is %j', (words, texts) => {
    expect(offered(words)).toEqual(texts);
  });

  it('of options is what the command takes, and help', () => {
    expect(offered(['--js'])).toEqual(['--json']);
    expect(offered(['-'])).toContain('--forks');
    expect(offered(['-'])).not.toContain('--listen');
    expect(offered(['serve', '--l'])).toEqual(['--listen']);
    expect(offered(['schema', '--'])).toEqual(['--help']);
    expect(offered(['token', 'create', '--s'])).toEqual(['--store', '--state', '--scope']);
    expect(offered(['token', '--'])).toEqual(['--help']);
  });

  it('is no name that would be more than a line, or could not be seen', () => {
    const hosts = [
      'db-1\nrm',
      'db-2\tx',
      'db-\u202e3',
      'db-\u001b[1m4',
      'db-\u3164',
      'db-\u00a06',
      'db-\ue0007',
      'db-5',
    ];
    expect(offered(['db'], { hosts, groups: ['db\nx'] })).toEqual(['db-5']);
  });

  it('is no name as long as a thousand would fit', () => {
    const hosts = Array.from({ length: 1001 }, (_, index) => `db-${index}`);
    expect(offered(['sweep', 'd'], { hosts, groups: [] })).toEqual([]);
    expect(offered(['sweep', 'db-99'], { hosts, groups: [] })).toHaveLength(11);
  });
});

describe('what is wanted', () => {
  it('is a file or a folder where an option or a command says so', () => {
    expect(wanted('-i', 'ho')).toMatchObject({ paths: 'files', kept: '', start: 'ho' });
    expect(wanted('--config=./w')).toMatchObject({ paths: 'files', kept: '--config=', start: './w' });
    expect(wanted('--state', '')).toMatchObject({ paths: 'folders' });
    expect(wanted('read', 'a.txt', '')).toMatchObject({ paths: 'files' });
    expect(wanted('db-1', '').paths).toBeUndefined();
  });

  it('knows what -c and -i named before, in each way that they can be written', () => {
    const given = wanted('-c', 'a.yml', '-i', 'one', '-itwo', '--inventory=three', '--inventory', 'four', '');
    expect(given).toMatchObject({ config: 'a.yml', inventories: ['one', 'two', 'three', 'four'], names: 'targets' });
  });
});
