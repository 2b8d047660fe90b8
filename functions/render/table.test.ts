import { expect, test } from 'vitest';
import { crowdedHost, reportOf, saturatedHost, sda } from '../../test/findings.ts';
import { widthOf } from './fit.ts';
import { rowsOf } from './rows.ts';
import { layOut, rowLine, titleLine } from './table.ts';

const rows = reportOf([saturatedHost('db-01'), crowdedHost('漢字-2')]).hosts.flatMap((host) => rowsOf(host).rows);

test('a narrow terminal keeps host, disk, verdict and culprit; a wider one adds the file first', () => {
  expect([...layOut(rows, 60).keys()]).toEqual(['rank', 'host', 'disk', 'verdict', 'culprit']);
  expect([...layOut(rows, 72).keys()]).toContain('file');
  expect([...layOut(rows, 120).keys()]).toEqual([
    'rank',
    'host',
    'disk',
    'verdict',
    'busy',
    'queue',
    'wait',
    'culprit',
    'share',
    'file',
  ]);
});

test('every line fits, and its columns stand below their titles, wide characters or not', () => {
  for (const width of [60, 80, 120, 200]) {
    const layout = layOut(rows, width);
    const at = (line: string, word: string): number => widthOf(line.slice(0, line.indexOf(word)));
    const titles = titleLine(layout);
    for (const row of rows) {
      const line = rowLine(row, layout, (_, cell) => cell);
      expect(widthOf(line)).toBeLessThanOrEqual(width);
      if (row.verdict !== '') expect(at(line, row.verdict)).toBe(at(titles, 'VERDICT'));
    }
  }
});

test('the pid stays readable where the culprit is cut', () => {
  const line = rowLine(rows[0] ?? expect.fail(), layOut(rows, 60), (_, cell) => cell);
  expect(line).toContain('python 18940');
});

test('a second culprit gets a row of its own with its share, a further disk one with its verdict', () => {
  const shown = rowsOf(reportOf([crowdedHost('c')]).hosts[0] ?? expect.fail()).rows;
  expect(shown.map(({ host, disk, verdict, culprit, share }) => [host, disk, verdict, culprit, share])).toEqual([
    ['c', 'sda', 'SATURATED', 'python 18940 (logtest.py, logger.service)', '47 %'],
    ['', '', '', 'cp ×4', '45 %'],
    ['', 'nvme1n1', 'busy', '', ''],
  ]);
});

test.each([
  ['saturated', 'unknown'],
  ['hung', 'device or its path'],
  ['busy', ''],
] as const)('of a disk that is %s, and nobody is named for it, the culprit is "%s"', (verdict, culprit) => {
  const host = saturatedHost('c', { verdict, disks: [{ ...sda, verdict, culprits: [] }] });
  expect(rowsOf(reportOf([host]).hosts[0] ?? expect.fail()).rows.map((row) => row.culprit)).toEqual([culprit]);
});
