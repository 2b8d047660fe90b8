/** What the commands that look at earlier sweeps have in common. */
import type { NextCommand } from '../render/next-command.ts';
import type { TerminalOptions } from '../render/terminal.ts';
import type { Store, Unreadable } from '../store/store.ts';

export interface Look {
  readonly store: Store;
  readonly format: 'json' | 'plain' | 'terminal';
  readonly terminal: TerminalOptions;
  /** The last line on a terminal, with its line break; '' where there is nothing to suggest. */
  readonly nextText: (next: NextCommand | undefined) => string;
  /** The present, in milliseconds since 1970. */
  readonly nowMs: number;
  /** Tells the person of what is stored and cannot be read; the answer stands without it. */
  readonly sayUnreadable: (unreadable: readonly Unreadable[]) => void;
}

/** What was asked for is not in the store: a sentence, and what to do. Tell it from an answer with `instanceof`. */
export class Missing {
  readonly message: string;

  constructor(message: string) {
    this.message = message;
  }
}
