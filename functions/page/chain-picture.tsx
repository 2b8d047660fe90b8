/** The chain of a case as one picture: five boxes that lead to each other, beside each other or one below the other. */
import type { Link } from './chain-view.ts';
import { PathText } from './path-text.tsx';

export function ChainPicture({ links }: { readonly links: readonly Link[] }) {
  if (links.length === 0) return null;
  return (
    <ol class="chain" aria-label="From the waiting CPU to the file">
      {links.map(({ name, figure, detail, part, isSeen }) => (
        <li class={isSeen ? '' : 'unseen'}>
          <span class="name">{name}</span>
          <span class="figure">
            <PathText text={figure} />
          </span>
          {part !== undefined && (
            <svg class="meter" aria-hidden="true" viewBox="0 0 100 4" preserveAspectRatio="none">
              <rect class="rail" width="100" height="4" />
              <rect width={(Math.min(1, Math.max(0, part)) * 100).toFixed(1)} height="4" />
            </svg>
          )}
          <span class="detail">{detail}</span>
        </li>
      ))}
    </ol>
  );
}
