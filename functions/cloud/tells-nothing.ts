/** For functions that end no sweep. */
import type { SweepDeps } from '../sweep/deps.ts';

/** Whoever ends a sweep tells of it. */
export const TELLS_NOTHING: Pick<SweepDeps, 'tell'> = { tell: async () => false };
