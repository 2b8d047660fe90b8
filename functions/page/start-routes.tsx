/** Sweeps started and cancelled by whoever's token may. */
import type { Context, Hono } from 'hono';
import { holdsScope } from '../auth/scope.ts';
import { encodeText } from '../render/encode.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Started } from '../sweep/service.ts';
import { taker } from '../taker.ts';
import { ulid } from '../ulid.ts';
import type { PageDeps } from './deps.ts';
import type { PageEnv } from './env.ts';
import { askerOf, frameOf, type Guard, runForm, wrongScope } from './guard.ts';
import { sweepPath } from './paths.ts';
import { notFound, refusal, storeTrouble, tooMany } from './problem-page.tsx';
import { page } from './respond.ts';
import { type StartGiven, StartPage } from './start-page.tsx';

/** As the API has it (functions/api/rate.ts). */
const STARTS_PER_MINUTE = 30;
const MOST_TARGETS = 1000;
const KEY = /^[0-9A-Z]{26}$/;

export function addStartRoutes(app: Hono<PageEnv>, deps: PageDeps, guard: Guard): void {
  const starts = taker(STARTS_PER_MINUTE);

  app.get('/sweeps/new', guard.seen, async (c) => {
    const { scope } = c.get('viewer').holder;
    // It shows the groups of the inventory, which are not stored and so nothing for whoever may read what is.
    if (!holdsScope(scope, 'run')) return refusal(c, frameOf(c, deps), 403, wrongScope(scope));
    const given = { targets: c.req.query('targets') ?? '', window: '', args: false };
    return await formPage(c, deps, given, [], 200);
  });

  app.post('/sweeps/new', guard.seen, async (c) => {
    const form = await runForm(c, deps);
    if (form instanceof Response) return form;
    const { holder } = c.get('viewer');
    const wait = await starts(holder.id);
    if (wait !== undefined) return tooMany(c, deps.nowMs(), wait);
    const given: StartGiven = {
      targets: form.get('targets') ?? '',
      window: form.get('window') ?? '',
      args: form.get('args') === 'yes',
    };
    const targets = given.targets.split(/\s+/u).filter((word) => word !== '');
    const windowSeconds = given.window.trim() === '' ? undefined : Number(given.window);
    const mistakes = mistakesIn(targets, windowSeconds);
    if (mistakes.length > 0) return await formPage(c, deps, given, mistakes, 422);
    const key = form.get('key') ?? '';
    const started = await deps.service.start({
      targets,
      ...(windowSeconds !== undefined && { windowSeconds }),
      ...(given.args && { args: true }),
      trigger: 'api',
      by: askerOf(holder),
      tell: [],
      ...(KEY.test(key) && { idempotencyKey: `${holder.id}#page#${key}` }),
    });
    if (started.kind === 'started' || started.kind === 'known') {
      return c.redirect(`${frameOf(c, deps).root}${sweepPath(started.sweep.id)}`, 303);
    }
    if (started.kind === 'store-failed') return storeTrouble(c, frameOf(c, deps), started.problem);
    return await formPage(c, deps, given, problemsOf(started).map(encodeText), 422);
  });

  app.post('/sweeps/:id/cancel', guard.seen, async (c) => {
    const form = await runForm(c, deps);
    if (form instanceof Response) return form;
    const frame = frameOf(c, deps);
    const id = c.req.param('id');
    const cancelled = await deps.service.cancel(id, askerOf(c.get('viewer').holder));
    if (cancelled instanceof StoreProblem) return storeTrouble(c, frame, cancelled);
    switch (cancelled) {
      case 'cancelled':
        return c.redirect(`${frame.root}${sweepPath(id)}`, 303);
      case 'ended':
        return refusal(c, frame, 409, 'The sweep has ended already: its results stay as they are.');
      case 'not-found':
        return notFound(c, frame, 'There is no such sweep of the service: one of the command line is ended there.');
      default:
        return cancelled satisfies never;
    }
  });
}

function mistakesIn(targets: readonly string[], windowSeconds: number | undefined): string[] {
  const isWindow = windowSeconds === undefined || (windowSeconds >= 1 && windowSeconds <= 60);
  return [
    ...(targets.length === 0 ? ['Name a host or a @group.'] : []),
    ...(targets.length > MOST_TARGETS ? [`Those are ${targets.length} words: ask for a @group.`] : []),
    ...(isWindow ? [] : ['The window is 1 to 60 seconds.']),
  ];
}

function problemsOf(refused: Exclude<Started, { kind: 'started' | 'known' | 'store-failed' }>): string[] {
  switch (refused.kind) {
    case 'bad-targets':
      return refused.problems.slice(0, 10).map(({ message }) => message);
    case 'forbidden':
      return [`These may not be swept from here: ${refused.hosts.join(', ')}`];
    case 'key-reused':
      return ['This form has started another sweep already: press once more.'];
    case 'stopped':
      return [refused.message];
    default:
      return refused satisfies never;
  }
}

async function formPage(
  c: Context<PageEnv>,
  deps: PageDeps,
  given: StartGiven,
  problems: readonly string[],
  status: 200 | 422,
): Promise<Response> {
  const config = await deps.config();
  const inventory = 'problem' in config ? undefined : config.inventory;
  const formKey = ulid(deps.nowMs());
  const element = (
    <StartPage frame={frameOf(c, deps)} given={given} problems={problems} formKey={formKey} inventory={inventory} />
  );
  return page(c, element, { status });
}
