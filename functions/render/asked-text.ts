/** What a sweep was asked for, on a screen. */
import { encodeText } from './encode.ts';
import { foldNames } from './fold-names.ts';

/** '@db web-[01-12]', encoded. */
export function askedText(asked: readonly string[] | undefined): string {
  return asked === undefined ? 'this machine' : foldNames(asked).map(encodeText).join(' ');
}
