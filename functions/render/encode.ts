/**
 * The one encoder for text that a host sent, on its way to a terminal or a plain text. What could move the cursor, reorder,
 * hide or overprint becomes a visible escape: `\x1b`, `\n`, `\u202e`, `\u{e0041}`.
 *
 * Escaped are controls (C0, DEL, C1: ECMA-48), line and paragraph separators, everything of the Unicode categories Cf, Cs, Co
 * and Cn (bidi controls: UAX #9; zero-width; lone surrogates; private use; unassigned), default-ignorable characters, blanks
 * other than the space, enclosing marks, and combining marks that have no base or come in a flood.
 * A backslash stays as it is: systemd names units with `\x2d`, and whoever copies such a name wants it to work.
 */
export function encodeText(text: string): string {
  if (/^[ -~]*$/.test(text)) return text;
  let encoded = '';
  let marks = MARKS_PER_BASE;
  for (const character of text) {
    if (/\p{M}/u.test(character) && !NEVER_SHOWN.test(character)) {
      marks += 1;
      encoded += marks > MARKS_PER_BASE ? escapeOf(character) : character;
      continue;
    }
    const hidden = NEVER_SHOWN.test(character);
    // A mark after an escape would sit on the escape's last letter.
    marks = hidden || character === ' ' ? MARKS_PER_BASE : 0;
    encoded += hidden ? escapeOf(character) : character;
  }
  return encoded;
}

/** Vietnamese and vowelled Hebrew or Arabic need two or three; more is no script but a flood. */
const MARKS_PER_BASE = 3;

const NEVER_SHOWN = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Me}]|(?! )\p{Zs}/u;

function escapeOf(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  if (code <= 0xffff) return `\\u${code.toString(16).padStart(4, '0')}`;
  return `\\u{${code.toString(16)}}`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** The escapes of `encodeText`, for whoever cuts an encoded text: half an escape would read as something else. */
export const ESCAPES = /\\(?:[nrt]|x[0-9a-f]{2}|u[0-9a-f]{4}|u\{[0-9a-f]+\})/u;

/**
 * JSON is safe for a parser as it is, but `whodisk --json` in a terminal must not move the cursor either: what `encodeText`
 * would hide becomes `\uXXXX`, which every JSON parser reads as the same text. Takes and gives a JSON document.
 */
export function encodeJson(json: string): string {
  // Outside of strings JSON holds none of these but the line breaks of the indentation.
  return json.replace(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}
