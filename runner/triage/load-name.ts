/** What a load is called in a sentence: a family bears the number of its parent, so that its own name must not stand beside it. */
import type { ProcessLoad } from './loads.ts';

/** "dd 4711", or "dd (children of sh 4700)". */
export const nameOfLoad = ({ process: { command, pid }, family }: Pick<ProcessLoad, 'process' | 'family'>): string =>
  family ? `${command} (children of ${family.parent.command} ${family.parent.pid})` : `${command} ${pid}`;
