/** The arguments of a call as strace prints them: C strings, which may be cut off, structures in braces, lists in brackets. */

/** No call that is of interest here has more. */
const MOST = 6;

/** As printed, without the commas between them. */
export function argumentsOf(text: string): string[] {
  const args: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < text.length && args.length < MOST; i++) {
    const character = text[i];
    if (character === '"') i = endOfString(text, i);
    else if (character === '{' || character === '[' || character === '<') depth++;
    else if (character === '}' || character === ']' || character === '>') depth = Math.max(0, depth - 1);
    else if (character === ',' && depth === 0) {
      args.push(text.slice(from, i).trim());
      from = i + 1;
    }
  }
  if (args.length < MOST) args.push(text.slice(from).trim());
  return args;
}

/** Where the closing quote is, or the end of the text. */
function endOfString(text: string, from: number): number {
  for (let i = from + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i;
  }
  return text.length;
}

const LETTERS: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', v: '\v', f: '\f' };

/** The string that an argument is. undefined where it is none or was cut off. */
export function stringOf(argument: string | undefined): string | undefined {
  if (argument === undefined || !/^"(?:[^"\\]|\\.)*"$/su.test(argument)) return undefined;
  return argument
    .slice(1, -1)
    .replace(/\\(?:x([0-9a-fA-F]{2})|([0-7]{1,3})|(.))/gsu, (_, hex?: string, octal?: string, letter?: string) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      return LETTERS[letter ?? ''] ?? letter ?? '';
    });
}
