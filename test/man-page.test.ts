import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { describeProgram } from '../functions/cli/options.ts';
import packageJson from '../package.json' with { type: 'json' };
import { manPage } from '../scripts/man-page.ts';

it('says what --help says now: after a change, npm run man', () => {
  const file = fileURLToPath(new URL('../man/whodisk.1', import.meta.url));
  expect(readFileSync(file, 'utf8')).toBe(manPage(packageJson.version));
});

it('names every option, as it is typed', () => {
  const page = manPage('1.0.0').replaceAll('\\-', '-');
  const long = describeProgram('1.0.0').options.map((option) => option.long ?? '');
  expect(long.length).toBeGreaterThan(20);
  expect(long.filter((name) => !page.includes(`\\fB${name}\\fR`))).toEqual([]);
});

it('has no line that groff would take for a request of ours, and no typographic dash in what is copied', () => {
  const lines = manPage('1.0.0').split('\n');
  const requests = lines.filter((line) => /^[.']/.test(line)).map((line) => line.split(' ')[0]);
  const ours = ['.\\"', '.TH', '.SH', '.TP', '.B', '.PP', '.RS', '.RE', '.nf', '.fi', '.ad', '.br'];
  expect([...new Set(requests)].filter((request) => !ours.includes(request ?? ''))).toEqual([]);
  expect(lines.filter((line) => !/^\.(\\"|TH|SH)/.test(line) && /(?<!\\)-/.test(line.replaceAll('\\f', '')))).toEqual(
    [],
  );
});
