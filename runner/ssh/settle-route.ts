/** Who decides the way to a host: the command line, the inventory or ssh_config(5). Pure. */
import { type SshConfigAnswer, withoutComment } from './config/evaluate.ts';
import { expandJumpHosts, splitJumpHosts } from './config/proxy.ts';
import type { Connection } from './config/tokens.ts';
import type { InventorySettings } from './wanted-host.ts';

/** The way to a host. `origin` says in a message who wants it so, and `mend` what to do about it. */
export type Route = { readonly kind: 'ssh-config' } | SettledRoute;

export type SettledRoute =
  | { readonly kind: 'jump'; readonly hops: readonly string[]; readonly origin: string; readonly mend: string }
  | { readonly kind: 'command'; readonly command: string; readonly origin: string };

type ConfigSettings = Extract<SshConfigAnswer, { kind: 'settings' }>;

/** What goes before ssh_config. @param jump -J; an empty list, or `none` in it, dials directly */
export function givenRoute(
  settings: InventorySettings,
  jump: readonly string[] | undefined,
): Route | { readonly problem: string } {
  const hopsOf = (texts: readonly string[]) => texts.flatMap(splitJumpHosts);
  if (jump !== undefined) {
    return { kind: 'jump', hops: hopsOf(jump), origin: '--jump', mend: 'sweep it without --jump' };
  }
  if (settings.jump !== undefined && settings.proxyCommand !== undefined) {
    return { problem: 'The inventory gives this host both jump hosts and a ProxyCommand: take one of them out.' };
  }
  if (settings.jump !== undefined) {
    return {
      kind: 'jump',
      hops: hopsOf(settings.jump),
      origin: 'the inventory',
      mend: 'give it an empty list of jump hosts there',
    };
  }
  if (settings.proxyCommand === undefined) return { kind: 'ssh-config' };
  if (settings.proxyCommand.trim().toLowerCase() !== 'none') {
    return { kind: 'command', command: settings.proxyCommand.trim(), origin: 'the inventory' };
  }
  return { kind: 'jump', hops: [], origin: 'the inventory', mend: '' };
}

/** What ssh_config says, where nothing goes before it. */
export function configRoute(
  { settings }: ConfigSettings,
  connection: Connection,
): SettledRoute | { readonly problem: string } {
  const command = settings.get('proxycommand');
  const text = command?.rest.replace(/^[\s=]+/, '') ?? 'none';
  if (command !== undefined && text.toLowerCase() !== 'none') {
    return { kind: 'command', command: text, origin: `${command.where}: ProxyCommand` };
  }
  const jump = settings.get('proxyjump');
  if (jump === undefined) return direct();
  const hops = expandJumpHosts(withoutComment(jump.rest.replace(/^[\s=]+/, '')), connection);
  if ('problem' in hops) return { problem: `${jump.where}: ProxyJump: ${hops.problem}.` };
  const mend = `write "ProxyJump none" in a "Host ${connection.originalHost}" block above that line`;
  return { kind: 'jump', hops, origin: `${jump.where}: ProxyJump`, mend };
}

function direct(): SettledRoute {
  return { kind: 'jump', hops: [], origin: '', mend: '' };
}
