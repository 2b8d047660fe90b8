/** Hosts by number, each with an address of its own below 127.0.0.0/8. */

/** @param host from 0, below 65,000 */
export const addressOf = (host: number): string => `127.77.${host >> 8}.${host & 255}`;

export function numberAt(address: string): number {
  const [, , high, low] = address
    .replace(/^::ffff:/u, '')
    .split('.')
    .map(Number);
  return (high ?? 0) * 256 + (low ?? 0);
}

/** Zeros in front, so that their order is that of their numbers. */
export const nameOf = (host: number): string => `host-${String(host + 1).padStart(5, '0')}`;
