/** /proc/swaps (swapon(8), mm/swapfile.c): where memory is swapped to. */
export interface SwapArea {
  /** A block device's node or a file, spaces as `\\040`. */
  readonly path: string;
  readonly kind: 'partition' | 'file';
  readonly sizeBytes: number;
  readonly usedBytes: number;
}

const LINE = /^(\/\S{1,4095})\s+(partition|file)\s+(\d{1,13})\s+(\d{1,13})\s+-?\d+$/;

/** The heading and what does not parse are left out. */
export function parseSwaps(text: string): SwapArea[] {
  return text
    .split('\n')
    .slice(0, 64)
    .flatMap((line): SwapArea[] => {
      const found = LINE.exec(line.trim());
      if (!found) return [];
      const [path, kind] = [found[1] as string, found[2] as SwapArea['kind']];
      return [
        {
          path: path.replace(/\\040/g, ' '),
          kind,
          sizeBytes: Number(found[3]) * 1024,
          usedBytes: Number(found[4]) * 1024,
        },
      ];
    });
}
