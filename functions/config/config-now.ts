/** whodisk.yml for whoever runs for long: as it is now, or why it cannot be read, a sentence. Never rejects. */
import type { Config } from './read-config.ts';

export type ConfigNow = () => Promise<Config | { readonly problem: string }>;
