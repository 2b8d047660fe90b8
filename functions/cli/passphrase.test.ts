import { PassThrough } from 'node:stream';
import { expect, test, vi } from 'vitest';
import { passphrasePrompt } from './passphrase.ts';

function keyboard(): {
  stdin: PassThrough & { isTTY: boolean; setRawMode(raw: boolean): void };
  stderr: PassThrough & { isTTY: boolean };
  shown(): string;
  raw: boolean[];
} {
  const raw: boolean[] = [];
  const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (on: boolean) => void raw.push(on) });
  const stderr = Object.assign(new PassThrough(), { isTTY: true });
  let shown = '';
  stderr.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
  });
  return { stdin, stderr, shown: () => shown, raw };
}

const nothing = (): void => {};

test('what is typed is not shown, backspace and Ctrl-U correct it, and the terminal is put back', async () => {
  const streams = keyboard();
  const answer = passphrasePrompt(streams, nothing)?.('/k/id_ed25519');
  await vi.waitFor(() => expect(streams.shown()).toContain('Passphrase for /k/id_ed25519: '));
  streams.stdin.write('wrong\u0015gehx\u007feim\u00df\r');
  expect(await answer).toBe('geheimß');
  expect(streams.shown()).toBe('Passphrase for /k/id_ed25519: \n');
  expect(streams.raw).toEqual([true, false]);
});

test('each key is asked for once, two keys one after the other', async () => {
  const streams = keyboard();
  const ask = passphrasePrompt(streams, nothing) ?? expect.fail();
  const answers = Promise.all([ask('a'), ask('b'), ask('a')]);
  await vi.waitFor(() => expect(streams.shown()).toContain('Passphrase for a: '));
  expect(streams.shown()).not.toContain('for b');
  streams.stdin.write('one\n');
  await vi.waitFor(() => expect(streams.shown()).toContain('Passphrase for b: '));
  streams.stdin.write('two\n');
  expect(await answers).toEqual(['one', 'two', 'one']);
});

test('Ctrl-C gives up and counts as the interrupt that the terminal did not send', async () => {
  const streams = keyboard();
  const interrupted = vi.fn();
  const answer = passphrasePrompt(streams, interrupted)?.('k');
  await vi.waitFor(() => expect(streams.raw).toEqual([true]));
  streams.stdin.write('abc\u0003');
  expect(await answer).toBeUndefined();
  expect(interrupted).toHaveBeenCalledOnce();
  expect(streams.raw).toEqual([true, false]);
});

test('a character whose bytes arrive apart is one character', async () => {
  const streams = keyboard();
  const answer = passphrasePrompt(streams, nothing)?.('k');
  await vi.waitFor(() => expect(streams.raw).toEqual([true]));
  for (const byte of Buffer.from('é\r')) streams.stdin.write(Buffer.of(byte));
  expect(await answer).toBe('é');
});

test('without a terminal nobody is asked', () => {
  const { stdin, stderr } = keyboard();
  expect(passphrasePrompt({ stdin: Object.assign(stdin, { isTTY: false }), stderr }, nothing)).toBeUndefined();
});
