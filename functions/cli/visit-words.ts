/** The options that say how hosts are reached and looked at, of a sweep and of a service alike. */
import type { VisitWords } from './commands.ts';
import type { Options } from './options.ts';

export function visitWords(options: Options): VisitWords {
  const { window, deadline } = options;
  return {
    inventories: options.inventory ?? [],
    ...(options.sshConfig !== undefined && { sshConfig: options.sshConfig }),
    ...(options.user !== undefined && { user: options.user }),
    ...(options.port !== undefined && { port: options.port }),
    identities: options.identity ?? [],
    ...(options.knownHosts !== undefined && { knownHosts: options.knownHosts }),
    ...(options.hostKeys !== undefined && { hostKeys: options.hostKeys }),
    ...(options.jump !== undefined && { jump: options.jump }),
    ...(options.forks !== undefined && { forks: options.forks }),
    ...(window !== undefined && { windowSeconds: window }),
    ...(deadline !== undefined && { deadlineSeconds: deadline }),
    ...(options.privilege !== undefined && { privilege: options.privilege }),
  };
}
