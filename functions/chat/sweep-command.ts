/** `/whodisk @db`: a sweep is begun, and its results follow in the channel. */

import { counted } from '../render/phrases.ts';
import { askedCode } from '../render/slack-row.ts';
import { code } from '../render/slack-text.ts';
import { knownTargets } from '../sweep/known-targets.ts';
import { responseUrlProblem } from '../tell/response-url.ts';
import { type Answer, type Ask, askerOf, quoting, storeTrouble, words } from './ask.ts';
import { refuse } from './refuse.ts';

const MOST_TARGETS = 100;
const MOST_PROBLEMS = 5;

/** @param windowSeconds of a sweep that is made again */
export async function beginSweep(ask: Ask, targets: readonly string[], windowSeconds?: number): Promise<Answer> {
  const { deps, slack, who, may, responseUrl } = ask;
  if (may.hosts.size === 0) return await refuse(ask, targets);
  if (targets.length > MOST_TARGETS) return words(`Those are ${targets.length} targets: ask for a @group.`);
  const nowhere = responseUrlProblem(responseUrl, slack.responseOrigins);
  if (nowhere !== undefined) {
    deps.log.error('a sweep in chat is not begun: its results could not be told', { why: nowhere });
    return quoting('Nothing is swept, since the results could not be told here:', [nowhere]);
  }
  const started = await deps.service.start({
    targets,
    trigger: 'chat',
    by: askerOf(who),
    tell: [{ kind: 'slack-response', url: responseUrl }],
    mayOnly: may.targets,
    ...(windowSeconds !== undefined && { windowSeconds }),
  });
  switch (started.kind) {
    case 'started':
    case 'known': {
      const { sweep } = started;
      const hosts = counted(sweep.targets, 'host');
      const seconds = secondsFor(sweep.targets, sweep.windowSeconds);
      return {
        ...words(`Sweeping ${askedCode(targets)}: ${hosts}, answer in about ${seconds} s.`),
        inChannel: true,
      };
    }
    case 'forbidden':
      return await refuse(ask, targets);
    case 'bad-targets':
      return badTargets(ask, targets);
    case 'stopped':
      deps.log.warn('a sweep in chat is not begun', { why: started.message });
      return quoting('Nothing can be swept now:', [started.message]);
    case 'key-reused':
      return words('This was asked for before, in other words: ask again.');
    case 'store-failed':
      return storeTrouble(ask, started.problem);
    default:
      return started satisfies never;
  }
}

/** Hosts that are visited at a time, more or less; dial, log-in and ranking take their time too. */
const HOSTS_AT_A_TIME = 200;
const MARGIN_SECONDS = 3;

function secondsFor(hosts: number, windowSeconds: number): number {
  return Math.max(1, Math.ceil(hosts / HOSTS_AT_A_TIME)) * Math.ceil(windowSeconds + MARGIN_SECONDS);
}

/** What is no target, judged by what may be seen from here alone: a suggestion tells nobody of other hosts. */
function badTargets({ may, command }: Ask, targets: readonly string[]): Answer {
  const known = knownTargets(targets, may.inventory);
  const problems = known.kind === 'bad-targets' ? known.problems.slice(0, MOST_PROBLEMS) : [];
  return quoting(
    `Nothing was swept: ${askedCode(targets)} cannot be understood.`,
    problems.map(({ message }) => message),
    `From this channel you may sweep ${askedCode(may.targets)}, or hosts of it by name; ${code(`${command} help`)} says more.`,
  );
}
