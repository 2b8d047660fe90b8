import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ALGORITHMS, describeMismatch, offerOf, parseServerOffer } from './algorithms.ts';

function kexInit(lists: readonly string[]): Buffer {
  const body = lists.map((text) => {
    const bytes = Buffer.from(text, 'latin1');
    const length = Buffer.alloc(4);
    length.writeUInt32BE(bytes.length);
    return Buffer.concat([length, bytes]);
  });
  const payload = Buffer.concat([Buffer.from([4, 20]), Buffer.alloc(16), ...body, Buffer.alloc(9)]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(payload.length);
  return Buffer.concat([length, payload]);
}

test('nothing that rests on SHA-1, CBC or 3DES is offered', () => {
  expect(Object.values(ALGORITHMS).flat().join()).not.toMatch(/sha1|cbc|3des|md5|arcfour|ssh-rsa|ssh-dss/);
});

test('the first list without a common name is described, with the words of both sides', () => {
  const offer = parseServerOffer(
    kexInit(['curve25519-sha256,ext-info-s', 'ssh-ed25519', '3des-cbc', '3des-cbc', 'hmac-md5', 'hmac-md5']),
  );
  expect(offer?.kex).toEqual(['curve25519-sha256']);
  expect(offer && describeMismatch(offer, offerOf(undefined, ['ssh-ed25519']))).toMatch(
    /^cipher: it offers 3des-cbc; whodisk takes aes128-gcm/,
  );
});

test('a hostile offer puts no control characters and no flood into the message', () => {
  const names = ['\x1b[2J', ...Array.from({ length: 500 }, (_, index) => `old-${index}`)];
  const offer = parseServerOffer(kexInit([names.join(','), 'a', 'b', 'c', 'd', 'e']));
  const message = offer && describeMismatch(offer, offerOf(undefined, ['ssh-ed25519']));
  expect(message).not.toContain('\x1b');
  expect(message?.length).toBeLessThan(1000);
});

test('cut and random packets are no offer and no exception', () => {
  const whole = kexInit(['a', 'b', 'c', 'd', 'e', 'f']);
  for (let length = 0; length < whole.length; length++)
    expect(parseServerOffer(whole.subarray(0, length))).toBeUndefined();
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      parseServerOffer(Buffer.concat([Buffer.from([0, 0, 0, 100, 4, 20]), Buffer.from(bytes)]));
    }),
  );
});
