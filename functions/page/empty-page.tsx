/** Before the first sweep. */
import { holdsScope } from '../auth/scope.ts';
import type { Frame } from './env.ts';
import { Layout } from './layout.tsx';

export function EmptyPage({ frame }: { readonly frame: Frame }) {
  const mayRun = frame.viewer !== undefined && holdsScope(frame.viewer.holder.scope, 'run');
  return (
    <Layout frame={frame} title="No sweep yet" here="newest">
      <h1>Nothing has been swept yet</h1>
      {mayRun ? (
        <p>
          <a class="button" href={`${frame.root}sweeps/new`}>
            Start the first sweep
          </a>
        </p>
      ) : (
        <p>
          A token of the scope <code>run</code> may start one here; <code>whodisk @GROUP</code> does on the command
          line.
        </p>
      )}
    </Layout>
  );
}
