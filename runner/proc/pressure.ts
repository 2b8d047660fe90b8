/**
 * /proc/pressure/io (Documentation/accounting/psi.rst): microseconds in which some or all runnable tasks waited. Only `total=` is
 * taken: avg10 is too slow for a window of seconds.
 */
export interface Pressure {
  readonly someUs: bigint;
  readonly fullUs?: bigint;
}

export function parsePressure(text: string): Pressure | undefined {
  const total = (row: string): bigint | undefined => {
    const found = new RegExp(`^${row} .*total=(\\d{1,20})$`, 'm').exec(text);
    return found ? BigInt(found[1] as string) : undefined;
  };
  const someUs = total('some');
  const fullUs = total('full');
  if (someUs === undefined) return undefined;
  return { someUs, ...(fullUs !== undefined && { fullUs }) };
}
