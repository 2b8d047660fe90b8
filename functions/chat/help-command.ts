/** `/whodisk help`: what can be asked, and what of it from here. */
import { askedCode } from '../render/slack-row.ts';
import { code } from '../render/slack-text.ts';
import { type Answer, type Ask, idsOf, words } from './ask.ts';

export function helpAnswer({ command, may, who }: Pick<Ask, 'command' | 'may' | 'who'>): Answer {
  const line = (text: string, what: string): string => `${code(`${command} ${text}`)} ${what}`;
  return words(
    'Which host, which disk, which process, through which file, and why:',
    line('@db', 'sweeps a group; the answer follows here'),
    line('db-7 @web', 'sweeps hosts and groups together'),
    line('host db-7', 'the newest finding of a host, with its evidence'),
    line('status', 'what is being swept, and what was found last'),
    line('diff', 'what is new, worse or fine again since the sweep before'),
    may.targets.length === 0
      ? `Nothing has been allowed to you in this channel yet: whoever runs whodisk can, under ${code('slack.allow')}, for ${idsOf(who)}.`
      : `From this channel you may sweep ${askedCode(may.targets)}.`,
  );
}
