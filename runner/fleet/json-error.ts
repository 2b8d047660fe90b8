/** Where a text stops being JSON (RFC 8259). The engine's own message differs between versions and repeats what stands there. */

const WORD = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?|true|false|null/uy;
const PLAIN = /[^"\\\x00-\x1f]*/uy;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/uy;

/** Offset of the first character that cannot be there, the length of the text where it ends too early, undefined where all is JSON. */
export function jsonErrorOffset(text: string): number | undefined {
  const open: string[] = [];
  let wants: 'value' | 'value or end' | 'key' | 'key or end' | 'colon' | 'more' = 'value';
  let at = 0;
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    if (!pattern.test(text)) return false;
    at = pattern.lastIndex;
    return true;
  };
  const token = (): boolean => {
    if (text[at] !== '"') return take(WORD);
    at += 1;
    // Piece by piece: one pattern for the whole would remember each escape of it.
    do take(PLAIN);
    while (take(ESCAPE));
    if (text[at] !== '"') return false;
    at += 1;
    return true;
  };
  for (;;) {
    while (' \t\n\r'.includes(text[at] ?? 'x')) at += 1;
    const character = text[at];
    if (character === undefined) return open.length === 0 && wants === 'more' ? undefined : at;
    if (wants === 'more' && open.length === 0) return at;
    const closes = open.at(-1) === '{' ? '}' : ']';
    if ((wants === 'more' || wants.endsWith('end')) && character === closes) {
      open.pop();
      at += 1;
      wants = 'more';
    } else if (wants === 'more') {
      if (character !== ',') return at;
      at += 1;
      wants = open.at(-1) === '{' ? 'key' : 'value';
    } else if (wants === 'colon') {
      if (character !== ':') return at;
      at += 1;
      wants = 'value';
    } else if (wants.startsWith('key')) {
      if (character !== '"' || !token()) return at;
      wants = 'colon';
    } else if (character === '{' || character === '[') {
      open.push(character);
      at += 1;
      wants = character === '{' ? 'key or end' : 'value or end';
    } else {
      if (!token()) return at;
      wants = 'more';
    }
  }
}
