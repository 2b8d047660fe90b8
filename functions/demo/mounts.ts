/** What is mounted, as /proc/self/mountinfo says it (proc_pid_mountinfo(5)). */

export interface Mount {
  /** "7:3" */
  readonly device: string;
  readonly mountpoint: string;
  readonly type: string;
  /** Of the filesystem: with cgroup v1 its controllers are among them. */
  readonly options: readonly string[];
}

/** Pure. In the order of mounting. */
export function mountsOf(mountinfo: string): Mount[] {
  return mountinfo.split('\n').flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const [, , device, , mountpoint] = before.split(' ');
    const [type, , options] = after.split(' ');
    if (device === undefined || mountpoint === undefined || type === undefined) return [];
    return [{ device, mountpoint: unescaped(mountpoint), type, options: options?.split(',') ?? [] }];
  });
}

/** Those at a folder and in it, the last that was mounted first. Pure. */
export function mountsIn(folder: string, mountinfo: string): Mount[] {
  return mountsOf(mountinfo)
    .filter(({ mountpoint }) => mountpoint === folder || mountpoint.startsWith(`${folder}/`))
    .reverse();
}

/** The kernel writes space, tab, line break and backslash in octal. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/gu, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}
