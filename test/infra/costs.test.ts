import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { dollars, monthOf, standing, totalOf } from './costs.ts';

const TEXT = readFileSync(path.resolve(import.meta.dirname, '..', '..', 'docs', 'serverless.md'), 'utf8');

test('the table of costs in docs/serverless.md is what the arithmetic says', () => {
  const rows = [...TEXT.matchAll(/^\| ([\d,]+) hosts, every (hour|5 minutes) +\|(.*)\|$/gmu)];
  expect(rows).toHaveLength(6);
  for (const [, hosts = '', every = '', cells = ''] of rows) {
    const month = monthOf(Number(hosts.replaceAll(',', '')), every === 'hour' ? 1 : 12);
    const expected = [...Object.values(month), totalOf(month)].map(dollars);
    expect(
      cells.split('|').map((cell) => cell.trim()),
      `${hosts} every ${every}`,
    ).toEqual(expected);
  }
});

test('and so is what it costs to stand there', () => {
  const { always, endpoints } = standing();
  expect(TEXT).toContain(`${dollars(always)} a month`);
  expect(TEXT).toContain(`${dollars(endpoints)} a month`);
});
