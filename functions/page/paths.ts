/** Where things are on the page, without what leads to its root (env.ts). What others named is percent-encoded. */

export const sweepPath = (id: string): string => `sweeps/${part(id)}`;
export const sweepHostPath = (id: string, host: string): string => `sweeps/${part(id)}/hosts/${part(host)}`;
export const patternPath = (id: string, fingerprint: string): string =>
  `sweeps/${part(id)}/patterns/${part(fingerprint)}`;
export const hostPath = (host: string): string => `hosts/${part(host)}`;

/** `?a=1&b=2` of what is there; '' of nothing. */
export function query(given: Readonly<Record<string, string | undefined>>): string {
  const pairs = Object.entries(given).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${part(value)}`],
  );
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

/** Half a character has no UTF-8, and encodeURIComponent throws at it: such a name leads nowhere, which is where it came from. */
function part(text: string): string {
  return encodeURIComponent(text.replace(/\p{Cs}/gu, '\ufffd'));
}
