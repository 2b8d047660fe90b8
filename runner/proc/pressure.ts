/**
 * /proc/pressure/io (Documentation/accounting/psi.rst): microseconds in which some or all runnable tasks waited. Only `total=` is
 * taken: avg10 is too slow for a window of seconds.
 */
export interface Pressure {
  readonly someUs: bigint;
  readonly fullUs?: bigint;
}

const SOME = /^some .*total=(\d{1,20})$/m;
const FULL = /^full .*total=(\d{1,20})$/m;

export function parsePressure(text: string): Pressure | undefined {
  const some = SOME.exec(text)?.[1];
  const full = FULL.exec(text)?.[1];
  if (some === undefined) return undefined;
  return { someUs: BigInt(some), ...(full !== undefined && { fullUs: BigInt(full) }) };
}
