/** `whodisk history`: earlier sweeps; `whodisk history HOST`: what they found on one host. */
import { renderHistory, renderHistoryPlain } from '../render/history.ts';
import { renderHostHistory, renderHostHistoryPlain } from '../render/host-history.ts';
import { renderHistoryJson, renderHostHistoryJson } from '../render/json.ts';
import { nextAfterHistory } from '../render/next-command.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Look, Missing } from './look.ts';
import { storedHost } from './stored-host.ts';

/** What fits a screen; --json and pipes get ten times that. */
const MOST_ON_SCREEN = 20;
const MOST = 200;

/** Of all hosts, or of the one that was asked for: the text, what is missing, or why the store cannot be read. */
export async function historyText(asked: string | undefined, look: Look): Promise<string | Missing | StoreProblem> {
  const limit = look.format === 'terminal' ? MOST_ON_SCREEN : MOST;
  return asked === undefined ? sweepsText(limit, look) : hostText(asked, limit, look);
}

async function sweepsText(
  limit: number,
  { store, format, terminal, nextText, nowMs, sayUnreadable }: Look,
): Promise<string | StoreProblem> {
  const read = await store.sweeps({ limit });
  if (read instanceof StoreProblem) return read;
  sayUnreadable(read.unreadable);
  const { sweeps } = read;
  switch (format) {
    case 'json':
      return renderHistoryJson(sweeps);
    case 'plain':
      return renderHistoryPlain(sweeps);
    case 'terminal':
      return renderHistory(sweeps, nowMs, terminal) + nextText(nextAfterHistory(sweeps.length));
    default:
      return format satisfies never;
  }
}

async function hostText(
  asked: string,
  limit: number,
  { store, format, terminal, nowMs, sayUnreadable }: Look,
): Promise<string | Missing | StoreProblem> {
  const name = await storedHost(asked, store);
  if (typeof name !== 'string') return name;
  const read = await store.findings(name, { limit });
  if (read instanceof StoreProblem) return read;
  sayUnreadable(read.unreadable);
  const { findings } = read;
  switch (format) {
    case 'json':
      return renderHostHistoryJson(name, findings);
    case 'plain':
      return renderHostHistoryPlain(name, findings);
    case 'terminal':
      return renderHostHistory(name, findings, nowMs, terminal);
    default:
      return format satisfies never;
  }
}
