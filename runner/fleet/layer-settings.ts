/** Settings of one host from several places: which place wins. */
import type { HostSettings } from './inventory.ts';

/** Jump hosts or a ProxyCommand: one way to the host, taken or left as a whole. */
export type Route = Pick<HostSettings, 'jump' | 'proxyCommand'>;

/** The way that some settings name, undefined where they name none. */
export function routeOf({ jump, proxyCommand }: Route): Route | undefined {
  if (jump === undefined && proxyCommand === undefined) return undefined;
  return { ...(jump !== undefined && { jump }), ...(proxyCommand !== undefined && { proxyCommand }) };
}

/** Setting by setting, what `specific` says, else what `general` says; lists are never joined. */
export function layerSettings(specific: HostSettings, general: HostSettings): HostSettings {
  const { jump: _jump, proxyCommand: _command, ...rest } = general;
  return { ...rest, ...(routeOf(specific) === undefined && routeOf(general)), ...specific };
}
