/** What can be done with a sweep by whoever looks at it. */
import { holdsScope } from '../auth/scope.ts';
import { hasEnded } from '../sweep/compared-sweeps.ts';
import type { Frame } from './env.ts';
import { FormToken } from './layout.tsx';
import { query, sweepPath } from './paths.ts';
import type { SweepRead } from './read-sweep.ts';

export function SweepActs({
  frame,
  read: { sweep, earlier, isOurs },
}: {
  readonly frame: Frame;
  readonly read: SweepRead;
}) {
  const { root, viewer } = frame;
  const mayRun = viewer !== undefined && holdsScope(viewer.holder.scope, 'run');
  const isOver = hasEnded(sweep);
  return (
    <p class="acts">
      {isOver && earlier !== undefined && (
        <a class="button" href={`${root}diff${query({ from: earlier.id, to: sweep.id })}`}>
          What changed since the last sweep
        </a>
      )}
      {isOver && mayRun && sweep.asked !== undefined && (
        <a class="button" href={`${root}sweeps/new${query({ targets: sweep.asked.slice(0, 50).join(' ') })}`}>
          Sweep again
        </a>
      )}
      {!isOver && isOurs && mayRun && (
        <form method="post" action={`${root}${sweepPath(sweep.id)}/cancel`}>
          <FormToken frame={frame} />
          <button type="submit">Cancel the sweep</button>
        </form>
      )}
    </p>
  );
}
