/** Addresses that lead back to this machine or to its cloud's metadata: where nobody over a network may send us. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

const inward = new BlockList();
// https://www.iana.org/assignments/iana-ipv4-special-registry and iana-ipv6-special-registry.
inward.addSubnet('0.0.0.0', 8, 'ipv4');
inward.addSubnet('127.0.0.0', 8, 'ipv4');
inward.addSubnet('169.254.0.0', 16, 'ipv4');
inward.addSubnet('224.0.0.0', 4, 'ipv4');
inward.addAddress('255.255.255.255', 'ipv4');
inward.addAddress('::', 'ipv6');
inward.addAddress('::1', 'ipv6');
inward.addSubnet('fe80::', 10, 'ipv6');
inward.addSubnet('ff00::', 8, 'ipv6');
// Metadata services that are not link-local: EC2 by IPv6, Alibaba Cloud, Oracle Cloud, Azure (WireServer).
inward.addAddress('fd00:ec2::254', 'ipv6');
inward.addAddress('100.100.100.200', 'ipv4');
inward.addAddress('192.0.0.192', 'ipv4');
inward.addAddress('168.63.129.16', 'ipv4');

/**
 * Loopback, link-local, unspecified, multicast and broadcast, also where an IPv4 address is dressed as an IPv6 one (mapped, compatible,
 * translated, NAT64, 6to4). What is no address at all is none that anybody should dial: true.
 */
export function isInwardAddress(address: string): boolean {
  const bare = address.replace(/%.*$/u, '');
  if (!isIPv6(bare)) return !isIPv4(bare) || inward.check(bare, 'ipv4');
  if (inward.check(bare, 'ipv6')) return true;
  const carried = carriedIpv4(bare);
  return carried !== undefined && inward.check(carried, 'ipv4');
}

/** RFC 4291 2.5.5 (::a.b.c.d and ::ffff:a.b.c.d), RFC 7915 (::ffff:0:a.b.c.d), RFC 6052 (64:ff9b::a.b.c.d), RFC 8215 (64:ff9b:1::a.b.c.d), RFC 3056 (2002:aabb:ccdd::). */
function carriedIpv4(address: string): string | undefined {
  const groups = groupsOf(address);
  const [first = 0, second = 0, third = 0] = groups;
  const tail: [number, number] = [groups[6] ?? 0, groups[7] ?? 0];
  const head = groups.slice(0, 5);
  if (first === 0x2002) return dotted(second, third);
  if (
    first === 0x64 &&
    second === 0xff9b &&
    (third === 0 || third === 1) &&
    groups.slice(3, 6).every((group) => group === 0)
  )
    return dotted(...tail);
  if (groups.slice(0, 4).every((group) => group === 0) && groups[4] === 0xffff && groups[5] === 0)
    return dotted(...tail);
  if (head.every((group) => group === 0) && (groups[5] === 0 || groups[5] === 0xffff)) return dotted(...tail);
  return undefined;
}

const dotted = (high: number, low: number): string => [high >> 8, high & 255, low >> 8, low & 255].join('.');

/** The eight groups of an IPv6 address, whose last two may be written as an IPv4 one. */
function groupsOf(address: string): number[] {
  // WHATWG URL writes every IPv6 address in hexadecimal groups.
  const text = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [left = '', right] = text.split('::');
  const parse = (part: string): number[] =>
    part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16));
  if (right === undefined) return parse(left);
  const [start, end] = [parse(left), parse(right)];
  return [...start, ...Array<number>(8 - start.length - end.length).fill(0), ...end];
}
