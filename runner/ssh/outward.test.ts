import { expect, test } from 'vitest';
import { outward } from './outward.ts';
import type { Resolve } from './resolve.ts';

const answering = (...addresses: string[]): Resolve => outward(async () => ({ addresses }));

test('a name that leads to the metadata service is refused, and the sentence says what to do', async () => {
  const found = await answering('169.254.169.254')('db-7');
  expect(found).toMatchObject({ failure: { phase: 'resolve', kind: 'address-refused' } });
  expect('failure' in found && found.failure.message).toMatch(
    /db-7 leads to 169\.254\.169\.254.*give the address itself/u,
  );
});

test('of a name with several addresses only those outside are dialled', async () => {
  expect(await answering('127.0.0.1', '10.1.2.3', '::ffff:7f00:1')('db-7')).toEqual({ addresses: ['10.1.2.3'] });
});

test('a name that looks like a short form of loopback is refused', async () => {
  expect(await answering('127.0.0.1')('127.1')).toHaveProperty('failure');
});

test('an address that the inventory itself gives is dialled, and so is localhost', async () => {
  expect(await answering('127.0.0.1')('127.0.0.1')).toEqual({ addresses: ['127.0.0.1'] });
  expect(await answering('127.0.0.1')('localhost')).toEqual({ addresses: ['127.0.0.1'] });
});
