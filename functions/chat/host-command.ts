/** `/whodisk host db-7`: what was found on it last. */
import { renderSlackHost } from '../render/slack-host.ts';
import { code } from '../render/slack-text.ts';
import { StoreProblem } from '../store/problem.ts';
import { knownTargets } from '../sweep/known-targets.ts';
import { type Answer, type Ask, quoting, storeTrouble, words } from './ask.ts';
import { refuse } from './refuse.ts';

export async function hostAnswer(ask: Ask, asked: readonly string[]): Promise<Answer> {
  const { deps, may, config, command } = ask;
  const [word] = asked;
  if (word === undefined || asked.length > 1) return words(`Name one host: ${code(`${command} host NAME`)}.`);
  const known = knownTargets([word], may.inventory);
  if (known.kind === 'bad-targets') {
    const exists = knownTargets([word], config.inventory).kind === 'names';
    if (exists || may.hosts.size === 0) return await refuse(ask, [word]);
    return quoting(
      `${code(word)} is no host that is known here.`,
      known.problems.map(({ message }) => message),
    );
  }
  const [host = '', ...others] = known.names;
  if (others.length > 0) return words(`${code(word)} is ${known.names.length} hosts: name one of them.`);
  const found = await deps.store.findings(host, { limit: 1 });
  if (found instanceof StoreProblem) return storeTrouble(ask, found);
  const [newest] = found.findings;
  if (newest === undefined) {
    const why = found.unreadable.length > 0 ? 'What was found last cannot be read.' : 'Nothing is stored of it yet.';
    return words(`${code(host)}: ${why} To look at it now: ${code(`${command} ${host}`)}.`);
  }
  return { ...(await shown(ask, newest.sweepId, newest.host)), inChannel: true };
}

/** What one sweep found on a host. @param host its name, which whoever asks may see */
export async function hostOfSweep(ask: Ask, sweepId: string, host: string): Promise<Answer> {
  const found = await ask.deps.store.finding(sweepId, host);
  if (found instanceof StoreProblem) return storeTrouble(ask, found);
  if (found === undefined)
    return words(`That sweep has nothing of ${code(host)} any more: ${code(`${ask.command} ${host}`)}.`);
  return await shown(ask, sweepId, found);
}

async function shown(ask: Ask, sweepId: string, host: Parameters<typeof renderSlackHost>[0]['host']): Promise<Answer> {
  const detail = await ask.deps.store.sweep(sweepId);
  if (detail instanceof StoreProblem) return storeTrouble(ask, detail);
  if (detail === undefined) return words(`The sweep that saw ${code(host.host)} is not stored any more.`);
  const { publicUrl } = ask.config;
  return renderSlackHost({
    host,
    sweep: detail.sweep,
    nowMs: ask.deps.nowMs(),
    ...(publicUrl !== undefined && { publicUrl }),
  });
}
