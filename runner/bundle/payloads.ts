/** The frames of one answer, by kind and label: gone through once, since a host's capture asks for some forty of them. */
import type { Frame } from './frames.ts';

export interface Payloads {
  /** In the order in which they came; empty where none came. */
  all(kind: string): readonly Frame[];
  /** The text of the first frame of a kind, of one label where that is given; undefined where none came. */
  text(kind: string, label?: string): string | undefined;
  /** The texts of all frames of a kind, a line feed between them. */
  joined(kind: string): string;
}

interface OfKind {
  readonly frames: Frame[];
  /** The first of each label. */
  readonly byLabel: Map<string, Frame>;
}

export function payloadsOf(frames: readonly Frame[]): Payloads {
  const kinds = new Map<string, OfKind>();
  for (const frame of frames) {
    const ofKind: OfKind = kinds.get(frame.kind) ?? { frames: [], byLabel: new Map() };
    kinds.set(frame.kind, ofKind);
    ofKind.frames.push(frame);
    if (!ofKind.byLabel.has(frame.label)) ofKind.byLabel.set(frame.label, frame);
  }
  const all = (kind: string): readonly Frame[] => kinds.get(kind)?.frames ?? [];
  return {
    all,
    joined: (kind) =>
      all(kind)
        .map(({ payload }) => payload.toString('utf8'))
        .join('\n'),
    text: (kind, label) => {
      const ofKind = kinds.get(kind);
      const frame = label === undefined ? ofKind?.frames[0] : ofKind?.byLabel.get(label);
      return frame?.payload.toString('utf8');
    },
  };
}

/** `KEY WORD` lines, as the greeting and the users' names have them. */
export function wordsByKey(text: string): Map<string, string | undefined> {
  const words = new Map<string, string | undefined>();
  for (const line of text.split('\n')) {
    const fields = line.split(' ', 2);
    words.set(fields[0] as string, fields[1]);
  }
  return words;
}
