/** whodisk.yml for whoever runs for long: as it is now, or why it cannot be read, a sentence. Never rejects. */
import type { Config } from './read-config.ts';

export interface ConfigTrouble {
  readonly problem: string;
  /** Nothing need be wrong with whodisk.yml: whoever asks again in a moment may have it. */
  readonly isPassing?: true;
}

export type ConfigNow = () => Promise<Config | ConfigTrouble>;
