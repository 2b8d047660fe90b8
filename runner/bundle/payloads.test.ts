import { describe, expect, test } from 'vitest';
import { payloadsOf, wordsByKey } from './payloads.ts';

const frame = (kind: string, label: string, text: string) => ({ kind, label, payload: Buffer.from(text) });

describe('payloadsOf', () => {
  const payloads = payloadsOf([
    frame('file', 'a /proc/uptime', 'first'),
    frame('ticks', '', 'T 1.00'),
    frame('file', 'b /proc/uptime', 'last'),
    frame('ticks', '', 'T 2.00'),
    frame('file', 'a /proc/uptime', 'again'),
  ]);

  test('of several frames of one name the first counts', () => {
    expect(payloads.text('file', 'a /proc/uptime')).toBe('first');
    expect(payloads.text('file')).toBe('first');
    expect(payloads.text('file', 'b /proc/uptime')).toBe('last');
  });

  test('what never came is undefined, not empty', () => {
    expect(payloads.text('file', '')).toBeUndefined();
    expect(payloads.text('procs')).toBeUndefined();
    expect(payloads.all('procs')).toEqual([]);
    expect(payloads.text('ticks', '')).toBe('T 1.00');
  });

  test('all frames of a kind are one text, in the order in which they came', () => {
    expect(payloads.all('ticks')).toHaveLength(2);
    expect(payloads.joined('ticks')).toBe('T 1.00\nT 2.00');
    expect(payloads.joined('users')).toBe('');
  });
});

describe('wordsByKey', () => {
  test('is the word behind each key; a key alone has none, and names of objects are keys like others', () => {
    const words = wordsByKey('privilege root\nmode\n__proto__ x y\n');
    expect([...words]).toEqual([
      ['privilege', 'root'],
      ['mode', undefined],
      ['__proto__', 'x'],
      ['', undefined],
    ]);
  });
});
