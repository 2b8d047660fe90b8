/** The steps that take away what there is of a demo, in their order; pure. Each can be said as a command that does the same by hand. */
import { shellWord } from '../../runner/ssh/shell-word.ts';
import type { Remains } from './remains.ts';

export type UndoStep =
  | { readonly kind: 'lift-limit'; readonly file: string; readonly text: string }
  | { readonly kind: 'kill'; readonly pid: number }
  /** Until somebody unmounts it. */
  | { readonly kind: 'wait-for-foreign'; readonly mountpoint: string }
  | { readonly kind: 'unmount'; readonly mountpoint: string }
  | { readonly kind: 'detach'; readonly device: string }
  | { readonly kind: 'remove-group'; readonly group: string }
  | { readonly kind: 'remove-folder'; readonly folder: string };

/**
 * The limit first: what waits for a slow disk can neither end nor be unmounted. The folder last: the disk stands on a file in it. Nothing of
 * either where somebody else has mounted something there: `umount` takes what lies on top, and what is removed below a mount is theirs.
 */
export function undoSteps(remains: Remains): UndoStep[] {
  const { limit, processes, mountpoints, foreign, loops, group, folder } = remains;
  const first = [
    ...(limit === undefined ? [] : [{ kind: 'lift-limit' as const, ...limit }]),
    ...processes.map((pid) => ({ kind: 'kill' as const, pid })),
  ];
  if (foreign !== undefined) return [...first, { kind: 'wait-for-foreign', mountpoint: foreign }];
  return [
    ...first,
    ...mountpoints.map((mountpoint) => ({ kind: 'unmount' as const, mountpoint })),
    ...loops.map((device) => ({ kind: 'detach' as const, device })),
    ...(group === undefined ? [] : [{ kind: 'remove-group' as const, group }]),
    ...(folder === undefined ? [] : [{ kind: 'remove-folder' as const, folder }]),
  ];
}

/** For a shell of the same user. */
export function byHand(step: UndoStep): string {
  switch (step.kind) {
    case 'lift-limit':
      return `echo ${shellWord(step.text)} > ${shellWord(step.file)}`;
    case 'kill':
      return `kill -9 ${step.pid}`;
    case 'wait-for-foreign':
    case 'unmount':
      return `umount ${shellWord(step.mountpoint)}`;
    case 'detach':
      return `losetup -d ${shellWord(step.device)}`;
    case 'remove-group':
      return `rmdir ${shellWord(step.group)}`;
    case 'remove-folder':
      return `rm -r ${shellWord(step.folder)}`;
    default:
      return step satisfies never;
  }
}

/** What a step takes away, for one sentence; a limit goes with its group. */
export function takenAway(steps: readonly UndoStep[]): string {
  const count = (kind: UndoStep['kind']): number => steps.filter((step) => step.kind === kind).length;
  const some = (kind: UndoStep['kind'], one: string, more: string): string[] => {
    const found = count(kind);
    return found === 0 ? [] : [found === 1 ? one : `${found} ${more}`];
  };
  const things = [
    ...some('kill', 'a process', 'processes'),
    ...some('unmount', 'a mount', 'mounts'),
    ...some('detach', 'a loop device', 'loop devices'),
    ...some('remove-group', 'a control group', 'control groups'),
    ...steps.flatMap((step) => (step.kind === 'remove-folder' ? [step.folder] : [])),
  ];
  return things.join(', ');
}
