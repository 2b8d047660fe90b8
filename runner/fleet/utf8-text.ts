/** Bytes that are to be text. */

/** The text without a byte order mark, or why there is none: a sentence about the file that the bytes came from. */
export function utf8Text(bytes: Uint8Array): { readonly text: string } | { readonly problem: string } {
  const nul = bytes.indexOf(0);
  if (nul >= 0) return { problem: `it holds a NUL byte at offset ${nul}: this is no text. Save it as UTF-8 text.` };
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { problem: 'it is not UTF-8: save it as UTF-8 text.' };
  }
}
