/** One use of the laboratory: opened before anything is changed, closed on every way out of the process that can be seen. */
import { mkdirSync } from 'node:fs';
import { beginLedger, type Change, note, readLedgers } from './ledger.ts';
import { FOLDER_PREFIX, restore, restoreLeftovers } from './restore.ts';

export interface Lab {
  /** A folder of its own, 0700, removed at the end. */
  readonly folder: string;
  /** What its processes carry in their environment. */
  readonly token: string;
  /** Writes a change down; to be called before the change is made. */
  readonly note: (change: Change) => void;
  /** Puts everything back. Throws what could not be; may be called again. */
  readonly close: () => void;
}

/** Opens the laboratory, after putting back what killed runs left behind. Needs root. */
export function openLab(): Lab {
  restoreLeftovers();
  const { file, token } = beginLedger();
  const folder = `${FOLDER_PREFIX}${token}`;
  note(file, { kind: 'folder', path: folder });
  mkdirSync(folder, { mode: 0o700 });

  const close = () => {
    process.off('exit', close);
    for (const signal of SIGNALS) process.off(signal, closeAndDie);
    const ledger = readLedgers().find((candidate) => candidate.file === file);
    if (ledger !== undefined) restore(ledger);
  };
  const closeAndDie = (signal: NodeJS.Signals) => {
    try {
      close();
    } finally {
      process.kill(process.pid, signal);
    }
  };
  process.once('exit', close);
  for (const signal of SIGNALS) process.once(signal, closeAndDie);
  return { folder, token, note: (change) => note(file, change), close };
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Opens the laboratory, uses it and puts everything back, whatever happens in between. */
export async function withLab<T>(use: (lab: Lab) => Promise<T>): Promise<T> {
  const lab = openLab();
  try {
    return await use(lab);
  } finally {
    lab.close();
  }
}
