/** `whodisk explain HOST`: the chain of evidence of the host's newest finding. */
import { renderExplain, renderExplainPlain } from '../render/explain.ts';
import { isInterrupted } from '../render/interrupted.ts';
import { renderExplainJson } from '../render/json.ts';
import { nextAfterExplain } from '../render/next-command.ts';
import { StoreProblem } from '../store/problem.ts';
import { type Look, Missing } from './look.ts';
import { storedHost } from './stored-host.ts';

/** How far back a finding is looked for that no Ctrl-C cut off. */
const LOOKED_AT = 5;

/** The text, what is missing, or why the store cannot be read. */
export async function explainText(asked: string, look: Look): Promise<string | Missing | StoreProblem> {
  const { store, format, terminal, nowMs } = look;
  const name = await storedHost(asked, store);
  if (typeof name !== 'string') return name;
  const found = await store.findings(name, { limit: LOOKED_AT });
  if (found instanceof StoreProblem) return found;
  // Where a Ctrl-C came before the host was done, the sweep before it tells more.
  const newest = found.findings.find(({ host }) => !isInterrupted(host)) ?? found.findings[0];
  if (newest === undefined) {
    const [damaged] = found.unreadable;
    if (damaged) {
      return new Missing(
        `the newest finding of '${name}' cannot be read: ${damaged.why}. Sweep it again: whodisk ${name}`,
      );
    }
    return new Missing(
      `nothing is known of '${name}': the sweep was interrupted before its turn, or what it found has expired. To look at it now: whodisk ${name}`,
    );
  }
  const detail = await store.sweep(newest.sweepId);
  if (detail instanceof StoreProblem) return detail;
  if (detail === undefined)
    return new Missing(`the sweep ${newest.sweepId} that saw '${name}' is not in the store any more`);
  const { sweep } = detail;
  const { host } = newest;
  switch (format) {
    case 'json':
      return renderExplainJson(host, sweep);
    case 'plain':
      return renderExplainPlain(host, { sweep, nowMs });
    case 'terminal':
      return renderExplain(host, { sweep, nowMs }, terminal) + look.nextText(nextAfterExplain(name));
    default:
      return format satisfies never;
  }
}
