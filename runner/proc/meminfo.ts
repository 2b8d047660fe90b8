/** /proc/meminfo (Documentation/filesystems/proc.rst), as bytes by its own field names. Lines that are not `Name: N kB` are left out. */
export function parseMeminfo(text: string): Map<string, number> {
  const fields = new Map<string, number>();
  for (const line of text.split('\n')) {
    const field = /^([A-Za-z_()0-9]{1,40}):\s+(\d{1,13}) kB$/.exec(line.trim());
    if (field) fields.set(field[1] as string, Number(field[2]) * 1024);
  }
  return fields;
}
