/**
 * What LevelDB says when it cannot: told apart by what is to be done about it.
 *
 * The codes are those of classic-level (binding.cc, HandleErrorCallback); of an IO error only the text of strerror(3) tells more. Only
 * what LevelDB itself calls corrupt may be set aside: a full disk or a missing permission passes, and the store with it would be gone.
 */
import { noDescriptors, saysNoDescriptors } from '../no-descriptors.ts';
import { StoreProblem } from '../problem.ts';

export interface LevelTrouble {
  readonly kind: 'locked' | 'corrupt' | 'no-space' | 'no-descriptors' | 'not-writable' | 'closed' | 'failed';
  readonly message: string;
}

/** Looks through the causes of what LevelDB threw. */
export function levelTroubleOf(error: unknown): LevelTrouble {
  const chain = causes(error);
  const message = chain.map(({ message }) => message).at(-1) ?? String(error);
  const codes = chain.map((one) => ('code' in one ? String(one.code) : ''));
  if (codes.includes('LEVEL_LOCKED')) return { kind: 'locked', message };
  if (saysNoDescriptors(message)) return { kind: 'no-descriptors', message };
  if (codes.includes('LEVEL_CORRUPTION') || codes.includes('LEVEL_DECODE_ERROR') || LOST_MANIFEST.test(message)) {
    return { kind: 'corrupt', message };
  }
  if (NO_SPACE.test(message)) return { kind: 'no-space', message };
  if (NOT_WRITABLE.test(message)) return { kind: 'not-writable', message };
  if (codes.includes('LEVEL_IO_ERROR')) return { kind: 'failed', message };
  if (message === 'Database is closed' || codes.some((code) => NOT_OPEN.has(code))) return { kind: 'closed', message };
  return { kind: 'failed', message };
}

/** LevelDB 1.20 calls it an IO error when CURRENT names a MANIFEST that is gone (VersionSet::Recover); later versions a corruption. */
const LOST_MANIFEST = /MANIFEST-\d+: No such file or directory/;
const NOT_OPEN = new Set(['LEVEL_DATABASE_NOT_OPEN', 'LEVEL_ITERATOR_NOT_OPEN']);
const NO_SPACE = /No space left on device|Disk quota exceeded|ENOSPC|EDQUOT|File too large/;
const NOT_WRITABLE = /Permission denied|Read-only file system|Operation not permitted|EACCES|EROFS|EPERM/;

function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let one = error; one instanceof Error && chain.length < 8; one = one.cause) chain.push(one);
  return chain;
}

/** The same for a person; `folder` is the state folder. */
export function problemOfTrouble({ kind, message }: LevelTrouble, folder: string): StoreProblem {
  switch (kind) {
    case 'locked':
      return new StoreProblem(
        'busy',
        `another process holds the store in ${folder} and does not answer`,
        `see which: fuser -v ${folder}/store/LOCK`,
      );
    case 'corrupt':
      return new StoreProblem(
        'corrupt',
        `the store in ${folder} is damaged: ${message}`,
        `the next sweep sets it aside and starts a new one; to do it now: mv ${folder}/store ${folder}/store.damaged`,
      );
    case 'no-space':
      return new StoreProblem(
        'no-space',
        `no space left for the store in ${folder}: ${message}`,
        `free some space there (df -h ${folder}), or keep the store elsewhere with --store PATH`,
      );
    case 'no-descriptors':
      return noDescriptors();
    case 'not-writable':
      return new StoreProblem(
        'not-writable',
        `the store in ${folder} cannot be written: ${message}`,
        'name a folder that you can write with --store PATH, or use --store none',
      );
    case 'closed':
      return new StoreProblem('closed', `the store in ${folder} was closed in the meantime`, 'try again');
    case 'failed':
      return new StoreProblem('failed', `the store in ${folder} failed: ${message}`, 'look at the disk that it is on');
    default:
      return kind satisfies never;
  }
}
