import { expect, test } from 'vitest';
import { isInwardAddress } from './inward-address.ts';

const INWARD = [
  '127.0.0.1',
  '127.1.2.3',
  '0.0.0.0',
  '169.254.169.254',
  '255.255.255.255',
  '239.1.1.1',
  '::',
  '::1',
  'fe80::1',
  'fe80::1%eth0',
  '::ffff:127.0.0.1',
  '::ffff:a9fe:a9fe',
  '::ffff:169.254.169.254',
  '::7f00:1',
  '64:ff9b::7f00:1',
  '64:ff9b::169.254.169.254',
  '2002:7f00:1::',
  '2002:a9fe:a9fe::1',
  'fd00:ec2::254',
  'ff02::1',
  '0:0:0:0:0:ffff:7f00:0001',
  '::ffff:0:127.0.0.1',
  '64:ff9b:1::a9fe:a9fe',
  '100.100.100.200',
  '::ffff:192.0.0.192',
  '168.63.129.16',
];
const OUTWARD = [
  '10.0.0.1',
  '192.168.1.1',
  '172.16.0.1',
  '93.184.216.34',
  'fd12:3456::1',
  '2001:db8::1',
  '::ffff:10.0.0.1',
  '64:ff9b::808:808',
  '64:ff9b:1::808:808',
  '::ffff:0:10.0.0.1',
  '100.100.100.201',
];
const NO_ADDRESS = ['', '127.1', '2130706433', '0x7f000001', 'localhost', '1.2.3', '999.1.1.1.1', '256.1.1.1'];

test.each([...INWARD, ...NO_ADDRESS])('%s is refused', (address) => {
  expect(isInwardAddress(address)).toBe(true);
});

test.each(OUTWARD)('%s may be dialled', (address) => {
  expect(isInwardAddress(address)).toBe(false);
});
