/** /proc/uptime (proc(5)): seconds since boot with two decimals, then the idle time summed over CPUs. Never set back by `date -s`. */
export function parseUptimeMs(text: string): number | undefined {
  const seconds = /^(\d{1,12})\.(\d{2})\b/.exec(text);
  return seconds ? Number(seconds[1]) * 1000 + Number(seconds[2]) * 10 : undefined;
}
