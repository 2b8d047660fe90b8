/** Which processes play a role: one that was started for it, with all that it starts, or only what it starts. */
import { readdirSync, readFileSync } from 'node:fs';
import type { Role } from './trap-case.ts';

export interface Player {
  readonly pid: number;
  /** Only what it starts plays the role. */
  readonly isParentOnly: boolean;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

const INTERVAL_MS = 200;

/** Looks again and again at who is there, until `stop`. */
export function watchRoles(players: ReadonlyMap<string, Player>): { readonly stop: () => Record<string, Role> } {
  const seen = new Map([...players.keys()].map((role) => [role, new Map<number, string>()]));
  const look = (): void => {
    const all = processes();
    for (const [role, { pid, isParentOnly }] of players) {
      const members = seen.get(role);
      const own = all.filter((process) => process.pid === pid && !isParentOnly);
      for (const member of [...own, ...below(pid, all)]) members?.set(member.pid, member.command);
    }
  };
  look();
  const timer = setInterval(look, INTERVAL_MS);
  const stop = (): Record<string, Role> => {
    clearInterval(timer);
    look();
    return Object.fromEntries(
      [...players].map(([role, { pid, isParentOnly }]) => {
        const members = seen.get(role) ?? new Map<number, string>();
        const pids = [...members.keys()];
        return [role, isParentOnly ? { pids, parent: pid, commands: [...new Set(members.values())] } : { pids }];
      }),
    );
  };
  return { stop };
}

function below(pid: number, all: readonly Process[]): Process[] {
  return all.filter(({ parent }) => parent === pid).flatMap((child) => [child, ...below(child.pid, all)]);
}

function processes(): Process[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      const end = stat.lastIndexOf(')');
      const command = stat.slice(stat.indexOf('(') + 1, end);
      return [{ pid: Number(name), parent: Number(stat.slice(end + 2).split(' ')[1]), command }];
    } catch {
      return [];
    }
  });
}
