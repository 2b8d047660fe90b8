/**
 * /proc/PID/cgroup (cgroups(7)): `HIERARCHY:CONTROLLERS:PATH` lines, the unit and the container that the path names. Only the
 * names that systemd, Docker, containerd, CRI-O, Podman and the kubelet give are read; any other path says nothing.
 */
export interface CgroupIdentity {
  readonly path: string;
  /** A systemd unit: the last service, scope or slice-born unit of the path. */
  readonly unit?: string;
  /** The first 12 digits of a container's id. */
  readonly container?: string;
}

const LINE = /^(\d+):([^:]*):(\/.*)$/;

export function parseCgroup(lines: readonly string[]): CgroupIdentity | undefined {
  const path = pathOf(lines);
  if (path === undefined) return undefined;
  const container = /(?:^|[/\-:])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/.exec(path)?.[1]?.slice(0, 12);
  const unit = path
    .split('/')
    .filter((part) => /\.(service|scope|socket|mount)$/.test(part) && !/[0-9a-f]{64}/.test(part))
    .at(-1);
  return { path, ...(unit !== undefined && { unit }), ...(container !== undefined && { container }) };
}

/** Where version 1, which has a hierarchy for each controller, keeps the limits of a process; undefined in the root. */
export function controllerPath(lines: readonly string[], controller: 'blkio' | 'memory'): string | undefined {
  for (const line of lines) {
    const found = LINE.exec(line);
    if (found?.[2]?.split(',').includes(controller) && found[3] !== '/') return found[3];
  }
  return undefined;
}

/** The unified hierarchy unless it is bare "/", as on hosts where v1 controllers hold the processes; systemd's own then. */
function pathOf(lines: readonly string[]): string | undefined {
  let first: string | undefined;
  let below: string | undefined;
  let ofSystemd: string | undefined;
  for (const line of lines) {
    const found = LINE.exec(line);
    if (!found) continue;
    const path = found[3] as string;
    if (found[1] === '0' && path !== '/') return path;
    first ??= path;
    if (path !== '/') below ??= path;
    if (found[2] === 'name=systemd') ofSystemd ??= path;
  }
  // Where systemd's has it at the root another may still hold it, as that of a container without systemd does.
  return ofSystemd === undefined || ofSystemd === '/' ? (below ?? ofSystemd ?? first) : ofSystemd;
}

/** The uid of the Kubernetes pod that a path names: systemd's driver writes its hyphens as underscores, that of a static pod has none. */
export function podUidOf(path: string): string | undefined {
  const uid = /pod([0-9a-f]{8}(?:[-_][0-9a-f]{4}){3}[-_][0-9a-f]{12}|[0-9a-f]{32})(?=[./]|$)/.exec(path)?.[1];
  return uid?.replaceAll('_', '-');
}
