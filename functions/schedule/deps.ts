/** What schedules need of the world around them. */
import type { Config } from '../config/read-config.ts';
import type { SweepService } from '../sweep/service.ts';
import type { TellDeps } from '../tell/deps.ts';

export interface ScheduleDeps extends TellDeps {
  readonly service: SweepService;
  /** The last whodisk.yml that could be read: it says whom to tell that the one of now cannot be. */
  readonly lastConfig?: () => Config | undefined;
  /** What was said while the store failed, which cannot note it then. Absent: each time is the first. */
  readonly said?: Set<string>;
}
