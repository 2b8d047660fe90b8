/** Which store a command uses: --store, then whodisk.yml, then the embedded one in the state folder. */
import { resolve } from 'node:path';
import { parseStoreOption, type StoreWhere } from '../store/where.ts';
import type { Places } from './commands.ts';
import type { Surroundings } from './surroundings.ts';

export type StorePlace =
  | { readonly kind: 'store'; readonly where: StoreWhere }
  /** Nothing is kept. */
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: string };

/** @param configured what whodisk.yml says, with absolute paths */
export function storePlace(
  given: Pick<Places, 'store' | 'state'>,
  configured: { readonly store?: string; readonly file?: string },
  surroundings: Pick<Surroundings, 'workingDirectory' | 'stateFolder'>,
): StorePlace {
  const text = given.store ?? configured.store;
  if (text === undefined) {
    return { kind: 'store', where: { kind: 'embedded', folder: stateFolderOf(given, surroundings) } };
  }
  const option = parseStoreOption(text);
  if ('error' in option) {
    const origin = given.store === undefined ? `store in ${configured.file ?? 'whodisk.yml'}` : '--store';
    return { kind: 'problem', problem: `${origin}: ${option.error}` };
  }
  switch (option.kind) {
    case 'none':
      return { kind: 'none' };
    case 'embedded':
      return {
        kind: 'store',
        where: { kind: 'embedded', folder: resolve(surroundings.workingDirectory, option.path) },
      };
    case 'dynamodb':
      return { kind: 'store', where: option };
    default:
      return option satisfies never;
  }
}

/** Where store and pinned host keys are, absolute. */
export function stateFolderOf(
  given: Pick<Places, 'state'>,
  { workingDirectory, stateFolder }: Pick<Surroundings, 'workingDirectory' | 'stateFolder'>,
): string {
  return given.state === undefined ? stateFolder : resolve(workingDirectory, given.state);
}
