/** /proc/vmstat (mm/vmstat.c): `name value` lines; pages, or events since boot. */
export function parseVmstat(text: string): Map<string, bigint> {
  const fields = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    const field = /^([a-z0-9_]{1,60}) (\d{1,20})$/.exec(line.trim());
    if (field) fields.set(field[1] as string, BigInt(field[2] as string));
  }
  return fields;
}
