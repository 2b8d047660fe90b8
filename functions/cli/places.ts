/** The options that say where things are, and how what is found is shown. */
import type { Places } from './commands.ts';
import type { Options } from './options.ts';

export function places({ config, store, state }: Options): Places {
  return {
    ...(config !== undefined && { config }),
    ...(store !== undefined && { store }),
    ...(state !== undefined && { state }),
  };
}

export function looking(options: Options): Places & { format?: 'json' | 'plain' } {
  const format = options.json ? 'json' : options.plain ? 'plain' : undefined;
  return { ...places(options), ...(format !== undefined && { format }) };
}
