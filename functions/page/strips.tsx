/** Busy, queue and await over the window, one above the other, and below them what the culprits did meanwhile. */
import type { Disk } from '../../runner/triage/finding.ts';
import { inTime } from '../../runner/triage/words.ts';
import { encodeText } from '../render/encode.ts';
import { culpritLoad, culpritName, mainCulprit } from '../render/phrases.ts';
import { LooksLegend, LooksStrip } from './looks-strip.tsx';
import { STRIP_HEIGHT, stripsOf, WIDTH, windowMs } from './strips-view.ts';

export function Strips({ disk }: { readonly disk: Disk }) {
  const strips = stripsOf(disk);
  if (strips.length === 0) return null;
  const culprit = mainCulprit(disk);
  return (
    <figure class="strips">
      <figcaption>
        {encodeText(disk.device)} over the window
        {culprit !== undefined && (
          <span class="dim">
            , under the load of {culpritName(culprit)}: {culpritLoad(culprit)}
          </span>
        )}
      </figcaption>
      {strips.map(({ name, path, top, label }) => (
        <div class="strip">
          <span class="name">{name}</span>
          <svg
            role="img"
            aria-label={`${name}: ${label}`}
            viewBox={`0 0 ${WIDTH} ${STRIP_HEIGHT}`}
            preserveAspectRatio="none"
          >
            <path class="grid" d={`M0 .5H${WIDTH}M0 ${STRIP_HEIGHT - 0.5}H${WIDTH}`} />
            <path d={path} />
          </svg>
          <span class="peak num">{top}</span>
        </div>
      ))}
      {disk.culprits.map((each) => (
        <LooksStrip timeline={disk.timeline ?? []} culprit={each} />
      ))}
      <div class="strip axis" aria-hidden="true">
        <span class="name" />
        <span class="ends num">
          <span>0 s</span>
          <span>{inTime(windowMs(disk))}</span>
        </span>
        <span class="peak" />
      </div>
      <LooksLegend culprits={disk.culprits} />
    </figure>
  );
}
