import { expect, test } from 'vitest';
import { io, kernelThread, MB, process } from '../../test/host-samples.ts';
import { isJournalOf, journalBytes } from './journal.ts';

test.each([
  ['jbd2/sda1-8', ['sda'], true],
  ['jbd2/loop1-8', ['loop1'], true],
  ['jbd2/nvme0n1p1-', ['nvme0n1'], true],
  ['jbd2/dm-0-8', ['sda', 'dm-0'], true],
  ['jbd2/dm-12-8', ['dm-1'], false],
  ['jbd2/loop12-8', ['loop1'], false],
  ['jbd2/sdb1-8', ['sda'], false],
  ['kworker/jbd2/sda', ['sda'], false],
])('%s on %j: %s', (command, devices, isOurs) => expect(isJournalOf(command, devices)).toBe(isOurs));

test('what journals were charged is that of the threads of the kernel, not of whoever is called like one', () => {
  const charged = { io: io({ writtenBytes: 7 * MB }) };
  const threads = [kernelThread(10, 'jbd2/sda1-8', charged), kernelThread(11, 'jbd2/sdb1-8', charged)];
  expect(journalBytes([...threads, process(12, 'jbd2/sda1-8', charged)], ['sda'])).toBe(7 * MB);
});
