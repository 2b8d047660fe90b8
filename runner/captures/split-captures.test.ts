import { describe, expect, test } from 'vitest';
import { captureText } from '../../test/fixtures/read-capture.ts';
import { splitCaptures } from './split-captures.ts';

const split = (text: string) => splitCaptures('a.txt', text);
const tools = (text: string) => split(text).sections.map(({ tool }) => tool);
const NAMES = ['top-4.0', 'iostat-12.6', 'pidstat-12.6', 'strace-6.1-y', 'lsof-4.95', 'iotop-1.23'];
const ORDER = ['top', 'iostat', 'pidstat', 'strace', 'lsof', 'iotop'];

describe('a pasted text', () => {
  test('is known by what only its tool prints', () => {
    for (const [i, name] of NAMES.entries()) expect(tools(captureText(name)), name).toEqual([ORDER[i]]);
  });

  test('of several tools falls into their parts, with or without prompts between them', () => {
    expect(tools(NAMES.map(captureText).join('\n'))).toEqual(ORDER);
    const prompted = NAMES.map((name, i) => `[root@db-7 ~]# ${ORDER[i]} -x 1\n${captureText(name)}`).join('\n');
    expect(tools(prompted)).toEqual(ORDER);
    expect(split(prompted).sections[1]).toMatchObject({
      words: ['-x', '1'],
      banner: { kernel: '6.18.44', host: 'vm' },
    });
  });

  test('is told by its prompt how the tool was called', () => {
    const words = (line: string) => split(`${line}\nDevice r/s w/s %util`).sections[0]?.words;
    for (const line of [
      '$ iostat -xz 1',
      '# iostat -xz 1',
      'root@db-7:~# iostat -xz 1',
      '[ops@db-7 log]$ sudo -n iostat -xz 1',
      'db-7% LC_ALL=C /usr/bin/iostat -xz 1',
      'ops@db-7:/var/log$ sudo LANG=C timeout -k5 10s iostat -xz 1 | tee x.txt',
    ])
      expect(words(line), line).toEqual(['-xz', '1']);
  });

  test('names its host in banners and prompts', () => {
    const hosts = (text: string) => split(text).hosts.map(({ host, line }) => [host, line.number]);
    expect(hosts(captureText('iostat-12.6'))).toEqual([['vm', 1]]);
    expect(hosts('\nops@db-7:~$ top\ntop - 10:00:00 up 1 day')).toEqual([['db-7', 2]]);
    expect(hosts('$ top\ntop - 10:00:00 up 1 day')).toEqual([]);
  });

  test('ends where another command was called', () => {
    const text = `$ lsof -p 1\nCOMMAND PID USER FD TYPE DEVICE SIZE/OFF NODE NAME\n$ cat notes\nsda is 99 % busy, says iostat`;
    expect(split(text).sections).toMatchObject([{ tool: 'lsof', lines: [{ number: 2 }] }]);
  });

  test('may come with colours, cursor movements and Windows line ends', () => {
    const [section] = split(
      '\u001b[H\u001b[2Jtop - 10:00:00 up 1 day\u001b[m\u001b[39;49m\u001b[K\r\nKiB Mem : 1 total\u001b(B\r\n',
    ).sections;
    expect(section?.lines.map(({ text }) => text)).toEqual(['top - 10:00:00 up 1 day', 'KiB Mem : 1 total']);
  });

  test('that is something else has no part', () => {
    for (const text of [
      '',
      'hello',
      'root:x:0:0:root:/root:/bin/bash',
      '{"a": 1}',
      'Filesystem 1K-blocks Used\n/dev/sda1 1 1',
    ])
      expect(split(text).sections, text).toEqual([]);
  });
});
