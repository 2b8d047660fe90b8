/** The SweepService of whoever takes requests: what it answers is in the store before it answers. */
import { cancelSweep } from './cancel.ts';
import type { SweepDeps } from './deps.ts';
import type { SweepService } from './service.ts';
import { startSweep } from './start.ts';

export function createSweepService(deps: SweepDeps): SweepService {
  return {
    start: (request) => startSweep(deps, request),
    cancel: (sweepId, by) => cancelSweep(deps, sweepId, by),
  };
}
