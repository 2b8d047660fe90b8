/** What a request that is Slack's is answered with. */
import type { Config } from '../config/read-config.ts';
import type { SlackConfig } from '../config/service-config.ts';
import { type Answer, type Ask, quoting } from './ask.ts';
import { readCommand } from './command.ts';
import type { ChatDeps } from './deps.ts';
import { diffAnswer } from './diff-command.ts';
import { helpAnswer } from './help-command.ts';
import { hostAnswer } from './host-command.ts';
import { mayOf } from './may.ts';
import { pressAnswer } from './press.ts';
import type { SlackRequest } from './slack-request.ts';
import { statusAnswer } from './status-command.ts';
import { beginSweep } from './sweep-command.ts';

/** undefined: nothing is to be said. */
export async function answerTo(
  request: Exclude<SlackRequest, { kind: 'nothing' }>,
  deps: ChatDeps,
  config: Config,
  slack: SlackConfig,
): Promise<Answer | undefined> {
  const { who, responseUrl } = request;
  const command = request.kind === 'command' ? request.command : '/whodisk';
  const ask: Ask = { deps, config, slack, who, may: mayOf(who, slack, config), command, responseUrl };
  // Inventories are not read then.
  if (config.disabled !== undefined && ask.may.targets.length > 0)
    return quoting('Nothing can be done now:', [config.disabled]);
  return request.kind === 'command'
    ? await commandAnswer(ask, request.text)
    : await pressAnswer(ask, request.action, request.value);
}

async function commandAnswer(ask: Ask, text: string): Promise<Answer> {
  const command = readCommand(text);
  switch (command.kind) {
    case 'sweep':
      return await beginSweep(ask, command.targets);
    case 'host':
      return await hostAnswer(ask, command.words);
    case 'status':
      return await statusAnswer(ask);
    case 'diff':
      return await diffAnswer(ask);
    case 'help':
      return helpAnswer(ask);
    default:
      return command satisfies never;
  }
}
