/** The tools whose output is understood, and how lines begin by which each is known when nobody says which it was. */
export const TOOLS = {
  top: { shown: 'top', begins: [/^top - \d/u] },
  iostat: {
    shown: 'iostat -x',
    begins: [/^\s*avg-cpu:\s+%user/u, /^\s*Device:?\s.*(?:r\/s|tps)/u, /^\s*(?:r\/s|tps)\s.*\sDevice:?$/u],
  },
  pidstat: {
    shown: 'pidstat -d',
    begins: [/^(?=.*\bCommand$)(?=.*\bT?G?[PT]ID\s).*(?:kB_rd\/s|%usr|minflt\/s|cswch\/s)/u],
  },
  strace: {
    shown: 'strace',
    begins: [
      /^(?:strace: )?Process \d+ attached/u,
      /^% time\s+seconds\s+usecs\/call/u,
      /^(?:\[pid\s+\d+\]\s+|\d+\s+)?(?:[\d:]{0,20}\d[\d:.]{0,20}\s+)?[a-z_][a-z0-9_]*\(.*(?:\)\s+=\s+(?:-?\d|0x|\?)|<unfinished \.\.\.>|\.\.\.|.{900})/u,
    ],
  },
  lsof: {
    shown: 'lsof -p',
    begins: [
      /^COMMAND\s+PID\s.*\bFD\s+TYPE\b/u,
      /^\S+\s+\d+\s+(?:\d+\s+)?\S+\s+(?:cwd|rtd|txt|mem|\d+[rwu]\w?)\s+(?:REG|DIR|CHR|BLK|FIFO|unix|IPv4|IPv6)\s/u,
    ],
  },
  iotop: { shown: 'iotop -b', begins: [/^\s*(?:[\d:]+ )?Total DISK READ\s*:/u] },
} as const satisfies Record<string, { readonly shown: string; readonly begins: readonly RegExp[] }>;

export type Tool = keyof typeof TOOLS;

export const isTool = (name: string): name is Tool => Object.hasOwn(TOOLS, name);

/** "top, iostat -x, …": for a person who has brought something else. */
export const KNOWN_TOOLS = Object.values(TOOLS)
  .map(({ shown }) => shown)
  .join(', ');
