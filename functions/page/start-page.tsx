/** The form that starts a sweep. */
import type { Config } from '../config/read-config.ts';
import { encodeText } from '../render/encode.ts';
import { counted } from '../render/phrases.ts';
import type { Frame } from './env.ts';
import { FormToken, Layout } from './layout.tsx';
import { query } from './paths.ts';

export interface StartPageProps {
  readonly frame: Frame;
  readonly given: StartGiven;
  /** Sentences: why nothing was started. Encoded. */
  readonly problems: readonly string[];
  /** Pressed twice, the same sweep is started once. */
  readonly formKey: string;
  readonly inventory: Config['inventory'] | undefined;
}

/** What was typed, as it was. */
export interface StartGiven {
  readonly targets: string;
  readonly window: string;
  readonly args: boolean;
}

const MOST_GROUPS = 40;

export function StartPage({ frame, given, problems, formKey, inventory }: StartPageProps) {
  const { root } = frame;
  const hasProblem = problems.length > 0;
  return (
    <Layout frame={frame} title="Start a sweep" here="new">
      <div class="narrow">
        <h1>Start a sweep</h1>
        {hasProblem && (
          <div class="alert" role="alert" id="problem">
            <p>Nothing was started.</p>
            <ul>
              {problems.map((problem) => (
                <li>{problem}</li>
              ))}
            </ul>
          </div>
        )}
        <form method="post" action={`${root}sweeps/new`} class="stack">
          <FormToken frame={frame} />
          <input type="hidden" name="key" value={formKey} />
          <label for="targets">Hosts and groups</label>
          <input
            id="targets"
            name="targets"
            type="text"
            value={given.targets}
            required
            autocomplete="off"
            autocapitalize="off"
            aria-describedby={hasProblem ? 'problem how' : 'how'}
            aria-invalid={hasProblem ? 'true' : undefined}
          />
          <p id="how" class="dim">
            As the inventory names them, with blanks between: <code>@db</code>, <code>db-[1-20]</code>,{' '}
            <code>web-3</code>
          </p>
          <label for="window">Window in seconds, 1 to 60</label>
          <input
            id="window"
            name="window"
            type="number"
            min="1"
            max="60"
            step="any"
            value={given.window}
            placeholder="as configured"
          />
          <label class="check">
            <input type="checkbox" name="args" value="yes" checked={given.args} /> With command lines, their secrets
            redacted
          </label>
          <button type="submit">Start the sweep</button>
        </form>
        <Groups root={root} inventory={inventory} />
      </div>
    </Layout>
  );
}

function Groups({ root, inventory }: { readonly root: string; readonly inventory: Config['inventory'] | undefined }) {
  if (inventory === undefined || inventory.hosts.size === 0) return null;
  const groups: [string, number][] = [
    ['all', inventory.hosts.size],
    ...[...inventory.groups].map(([name, hosts]): [string, number] => [name, hosts.length]),
  ];
  return (
    <section aria-labelledby="groups">
      <h2 id="groups">Groups</h2>
      <ul class="hosts">
        {groups.slice(0, MOST_GROUPS).map(([name, count]) => (
          <li>
            <a href={`${root}sweeps/new${query({ targets: `@${name}` })}`}>@{encodeText(name)}</a>{' '}
            <span class="dim">{counted(count, 'host')}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
