/** `whodisk token create`, `token list` and `token revoke`: the words behind "token". */
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { SCOPES } from '../auth/scope.ts';
import { isToken } from '../auth/token.ts';
import type { ParsedCommand } from './commands.ts';
import type { Options } from './options.ts';
import { looking, places } from './places.ts';
import { tooMuch, usage } from './usage.ts';

export const ACTS = ['create', 'list', 'revoke'] as const;
type Act = (typeof ACTS)[number];

/** What each takes of the options. */
export const OPTIONS_OF_ACT = {
  create: ['config', 'store', 'state', 'scope', 'name'],
  list: ['config', 'store', 'state', 'json', 'plain'],
  revoke: ['config', 'store', 'state'],
} as const satisfies Record<Act, readonly (keyof Options)[]>;

/** @param strayOption the first option that was given and is not among those that are allowed */
export function tokenCommand(
  words: readonly string[],
  options: Options,
  strayOption: (allowed: readonly string[]) => string | undefined,
): ParsedCommand {
  const [act, word, ...more] = words;
  if (!isAct(act)) {
    const meant = act === undefined ? undefined : suggestionFor(act, ACTS);
    if (meant !== undefined) return usage(`there is no 'whodisk token ${act}'. Did you mean '${meant}'?`);
    return usage(`'whodisk token' wants to know what to do:\n${HOW.join('\n')}`);
  }
  const stray = strayOption(OPTIONS_OF_ACT[act]);
  if (stray !== undefined) return usage(`'whodisk token ${act}' takes no ${stray}`);
  switch (act) {
    case 'create':
      if (word !== undefined) {
        return usage(`'whodisk token create' takes no other word than its options: a name is given by --name NAME`);
      }
      if (options.scope === undefined) {
        return usage(
          `'whodisk token create' wants a scope: --scope read sees all that is stored, --scope run starts and cancels sweeps as well, --scope admin sees also who asked for what`,
        );
      }
      return {
        kind: 'token-create',
        ...places(options),
        scope: options.scope,
        ...(options.name !== undefined && { name: options.name }),
      };
    case 'list':
      return word === undefined
        ? { kind: 'token-list', ...looking(options) }
        : usage(tooMuch('token list', 'nothing else', shown(word)));
    case 'revoke': {
      if (word === undefined)
        return usage(`'whodisk token revoke' wants an id or a name, as 'whodisk token list' shows them`);
      const [extra] = more;
      if (extra !== undefined) return usage(tooMuch('token revoke', 'one token', shown(extra)));
      return { kind: 'token-revoke', ...places(options), token: word };
    }
    default:
      return act satisfies never;
  }
}

function isAct(word: string | undefined): word is Act {
  return (ACTS as readonly (string | undefined)[]).includes(word);
}

/** A token that is typed in the wrong place must not end in the log of a terminal as well. */
function shown(word: string): string {
  return isToken(word) ? '…' : word;
}

const HOW = [
  `whodisk token create --scope ${SCOPES.join('|')} [--name NAME]`,
  'whodisk token list',
  'whodisk token revoke ID|NAME',
];
