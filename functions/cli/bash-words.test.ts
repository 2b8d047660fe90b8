import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readBashLine, writeBashWord } from './bash-words.ts';

describe('a bash line', () => {
  it.each([
    ['whodisk ', [], ''],
    ['whodisk db', [], 'db'],
    ['whodisk explain  db-1', ['explain'], 'db-1'],
    ['whodisk -i hosts\\ file.ini @d', ['-i', 'hosts file.ini'], '@d'],
    [`whodisk -i 'hosts "file".ini' @d`, ['-i', 'hosts "file".ini'], '@d'],
    ['whodisk -i "a\\"b\\c" x', ['-i', 'a"b\\c'], 'x'],
    ["whodisk 'a b", [], 'a b'],
    ["whodisk ''", [], ''],
    ["whodisk '' x", [''], 'x'],
    ['WHODISK_CONFIG=x.yml whodisk explain d', ['explain'], 'd'],
    ['uptime; ls | whodisk -i - @d', ['-i', '-'], '@d'],
    ['whodisk db\\', [], 'db'],
    ['', [], ''],
    ['whodisk "$(ls ', [], '$(ls '],
  ])('%s', (line, before, current) => {
    expect(readBashLine(line)).toMatchObject({ before, current });
  });

  it('knows the word as it was typed, and the quote that is open', () => {
    expect(readBashLine(`whodisk "db" ro'o't@"d`)).toMatchObject({ typed: `ro'o't@"d`, quote: '"', current: 'root@d' });
  });
});

describe('a word for bash', () => {
  const NAMES = [
    'db-1',
    'a b',
    "it's",
    '$(reboot)',
    '`reboot`',
    'x;reboot',
    '~root',
    '#1',
    '{a,b}',
    '*?[a]',
    '!!',
    '\\n',
    'a=b',
    'größe',
    '数据库',
    '<a>&|',
    '(x)',
    '"',
  ];

  it.each(NAMES)('is read by bash as what it is: %s', (name) => {
    const written = writeBashWord(name, '');
    const read = execFileSync('sh', ['-c', `printf %s ${written}`], { encoding: 'utf8' });
    expect(read).toBe(name);
  });

  it.each(NAMES)('is read so within quotes that are open, or is not written there: %s', (name) => {
    for (const quote of ["'", '"'] as const) {
      const written = writeBashWord(name, quote);
      if (written === undefined) continue;
      expect(execFileSync('sh', ['-c', `printf %s ${written}${quote}`], { encoding: 'utf8' })).toBe(name);
    }
    expect(writeBashWord('a b', "'")).toBe("'a b");
  });
});
