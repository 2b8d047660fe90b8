import { expect, it } from 'vitest';
import { terminalSvg } from '../scripts/terminal-svg.ts';

const draw = (text: string): string => terminalSvg(text, { title: 'a title', columns: 40 });
/** Of each text: where it begins, in columns, and what it says. */
const placed = (svg: string): [column: number, text: string][] =>
  [...svg.matchAll(/<text x="([0-9.]+)" y="[0-9]+" textLength[^>]*>([^<]*)<\/text>/g)].map(([, x, text]) => [
    Math.round((Number(x) - 16) / 8.4),
    text ?? '',
  ]);

it('draws each piece of a line where it stands in the terminal, wide characters and emoji too', () => {
  expect(placed(draw('db \x1b[31m数据\x1b[0m🔥 x\x1b[1my'))).toEqual([
    [0, 'db '],
    [3, '数据'],
    [7, '🔥 x'],
    [11, 'y'],
  ]);
});

it('keeps a style until it is changed, beyond the end of a line', () => {
  const svg = draw('\x1b[1;31mone\ntwo\x1b[22m three\x1b[39m four\x1b[7m five');
  const looks = [...svg.matchAll(/xml:space="preserve"([^>]*)>([^<]*)</g)].map(([, look, text]) => [
    text,
    look?.trim(),
  ]);
  expect(looks).toEqual([
    ['one', 'fill="#ff7b72" font-weight="600"'],
    ['two', 'fill="#ff7b72" font-weight="600"'],
    [' three', 'fill="#ff7b72"'],
    [' four', ''],
    [' five', 'fill="#14181f"'],
  ]);
});

it('lets nothing of the text be markup, and no control character through', () => {
  const hostile = '<script>alert(1)</script> &amp; "\x07\x1b]0;title\x07\u0000\ud800';
  const svg = terminalSvg(hostile, { title: hostile, columns: 40 });
  expect(svg).not.toContain('<script');
  expect(svg).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp;amp; &quot;');
  expect(svg.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cs}]/u);
});

it('asks for nothing from elsewhere', () => {
  expect(draw('x').replace('http://www.w3.org/2000/svg', '')).not.toMatch(/href|url\(|https?:|@import/);
});
