/** Whose limits a process is held to, from the `cgroup` lines of its `suspect` frame. */
import { controllerPath, parseCgroup } from '../proc/cgroup.ts';

/** Controllers are named at most so often. */
const MAX_KINDS = 32;

/** The cgroups whose limits the process of a `suspect` frame is held to. */
export function limitPathsOf(text: string): string[] {
  const lines = text.split('\n').filter((line) => line.startsWith('cgroup '));
  const cgroups = lines.slice(0, MAX_KINDS).map((line) => line.slice('cgroup '.length, 1024));
  const paths = [parseCgroup(cgroups)?.path, controllerPath(cgroups, 'blkio'), controllerPath(cgroups, 'memory')];
  return [...new Set(paths)].filter((path) => path !== undefined && path !== '/') as string[];
}
