/** Hosts that were not reached, by reason. */
import { counted } from '../render/phrases.ts';
import type { FailureView } from './failure-view.ts';

export function FailureList({
  failures,
  hasMore,
}: {
  readonly failures: readonly FailureView[];
  readonly hasMore: boolean;
}) {
  if (failures.length === 0) return null;
  return (
    <section aria-labelledby="lost">
      <h2 id="lost">Not reached</h2>
      <ul class="plainlist">
        {failures.map(({ reason, meaning, count, names }) => (
          <li>
            <strong>{reason}</strong>, {counted(count, 'host')}
            {meaning !== '' && <span class="dim">: {meaning}</span>}
            <div class="names">{names}</div>
          </li>
        ))}
      </ul>
      {hasMore && <p class="dim">and more: these are the first hosts that were not reached.</p>}
    </section>
  );
}
