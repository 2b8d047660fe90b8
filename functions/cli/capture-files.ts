/** Files of captures → texts. They come from anybody's clipboard: through PowerShell as UTF-16, with bytes that are no UTF-8. */
import { basename, dirname, resolve } from 'node:path';
import type { CaptureText } from '../../runner/captures/read-captures.ts';
import { isTool } from '../../runner/captures/tools.ts';
import { readWithin } from '../../runner/fleet/read-within.ts';
import { readInput } from './read-input.ts';
import type { Streams } from './streams.ts';

const MIB = 2 ** 20;
/** An hour of top is smaller. */
const MOST_BYTES = 16 * MIB;

export type CaptureFiles =
  | { readonly kind: 'texts'; readonly texts: readonly CaptureText[]; readonly bytes: number }
  | { readonly kind: 'problems'; readonly problems: readonly string[] };

/** Reads them all, so that all that is wrong is said at once. `folder` is the working directory. */
export async function readCaptureFiles(
  files: readonly string[],
  folder: string,
  streams: Pick<Streams, 'stdin' | 'stderr'>,
): Promise<CaptureFiles> {
  const texts: CaptureText[] = [];
  const problems: string[] = [];
  let bytes = 0;
  for (const file of files) {
    const read = file === '-' ? await fromInput(streams) : await fromFile(resolve(folder, file));
    const name = file === '-' ? '<stdin>' : file;
    const decoded = 'problem' in read ? read : textOf(read.bytes);
    if ('problem' in decoded) problems.push(`${name}: ${decoded.problem}`);
    else texts.push({ file: name, text: decoded.text });
    if ('bytes' in read) bytes += read.bytes.length;
  }
  return problems.length > 0 ? { kind: 'problems', problems } : { kind: 'texts', texts, bytes };
}

type Read = { readonly bytes: Uint8Array } | { readonly problem: string };

async function fromInput(streams: Pick<Streams, 'stdin' | 'stderr'>): Promise<Read> {
  const bytes = await readInput(streams, MOST_BYTES, 'captures');
  return bytes.length > MOST_BYTES ? { problem: `it has more than ${MOST_BYTES / MIB} MiB.` } : { bytes };
}

async function fromFile(path: string): Promise<Read> {
  const read = await readWithin(path, MOST_BYTES);
  switch (read.kind) {
    case 'bytes':
      return { bytes: read.bytes };
    case 'folder':
      return { problem: 'it is a folder: name the files in it.' };
    case 'unreadable':
      return { problem: read.message };
    default:
      return read satisfies never;
  }
}

/** What is no UTF-8 in it, such as a byte of a process's name, becomes U+FFFD. */
function textOf(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return { text: new TextDecoder('utf-16le').decode(bytes) };
  if (first === 0xfe && second === 0xff) return { text: new TextDecoder('utf-16be').decode(bytes) };
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { problem: `it holds a NUL byte at offset ${nul}: this is no text.` };
  return { text: new TextDecoder('utf-8').decode(bytes) };
}

/**
 * What a host is called of which no capture says the name: like the file that was brought, or like the folder of several or of one
 * that is called after a tool.
 */
export function nameOfCaptures(files: readonly string[], workingFolder: string): string {
  const named = files.filter((file) => file !== '-');
  const [first, ...others] = named;
  if (first === undefined) return 'stdin';
  const stem = basename(first).replace(/\.[^.]+$/u, '');
  const isTelling = others.length === 0 && stem !== '' && !isTool(stem.toLowerCase());
  return isTelling ? stem : basename(dirname(resolve(workingFolder, first))) || 'captures';
}
