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

export function parseCgroup(lines: readonly string[]): CgroupIdentity | undefined {
  const rows = lines.map((line) => /^(\d+):([^:]*):(\/.*)$/.exec(line)).filter((row) => row !== null);
  // The unified hierarchy unless it is bare "/", as on hosts where v1 controllers hold the processes.
  const row =
    rows.find(([, id, , path]) => id === '0' && path !== '/') ??
    rows.find(([, , name]) => name === 'name=systemd') ??
    rows[0];
  const path = row?.[3];
  if (path === undefined) return undefined;
  const container = /(?:^|[/\-:])([0-9a-f]{64})(?:\.scope)?(?:\/|$)/.exec(path)?.[1]?.slice(0, 12);
  const unit = path
    .split('/')
    .filter((part) => /\.(service|scope|socket|mount)$/.test(part) && !/[0-9a-f]{64}/.test(part))
    .at(-1);
  return { path, ...(unit !== undefined && { unit }), ...(container !== undefined && { container }) };
}
