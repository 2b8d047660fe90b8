/** Culprits that hosts share. */
import type { Pattern } from '../../runner/triage/patterns.ts';
import { encodeText } from '../render/encode.ts';
import { namesWithin } from '../render/names-within.ts';
import { activityOn, counted } from '../render/phrases.ts';
import { patternPath } from './paths.ts';

const MOST_PATTERNS = 8;
const NAMES_WIDTH = 110;
const MOST_NAME_LINES = 2;

/** "buffered writes to /var/log/app-*.log". Encoded. */
export const patternText = ({ activity, pathPattern }: Pattern): string =>
  activityOn(activity, pathPattern === undefined ? undefined : encodeText(pathPattern));

export function PatternList({
  root,
  sweepId,
  patterns,
}: {
  readonly root: string;
  readonly sweepId: string;
  readonly patterns: readonly Pattern[];
}) {
  if (patterns.length === 0) return null;
  const more = patterns.length - MOST_PATTERNS;
  return (
    <section aria-labelledby="shared">
      <h2 id="shared">Culprits that hosts share</h2>
      <ul class="plainlist">
        {patterns.slice(0, MOST_PATTERNS).map((pattern) => (
          <li>
            <a href={root + patternPath(sweepId, pattern.fingerprint)}>
              {encodeText(pattern.program)} on {counted(pattern.hosts.length, 'host')}
            </a>
            : {patternText(pattern)}
            <div class="names">{namesWithin(pattern.hosts, NAMES_WIDTH, MOST_NAME_LINES).join(' ')}</div>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="dim">and {counted(more, 'more shared culprit')}</p>}
    </section>
  );
}
