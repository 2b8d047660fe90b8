/** What the words behind /whodisk ask for. */
import { typedText } from './typed-text.ts';

export type Command =
  | { readonly kind: 'sweep'; readonly targets: readonly string[] }
  | { readonly kind: 'host'; readonly words: readonly string[] }
  | { readonly kind: 'status' }
  | { readonly kind: 'diff' }
  | { readonly kind: 'help' };

/** A host that is called like a command is swept by `sweep NAME`, as on the command line. */
export function readCommand(text: string): Command {
  const words = typedText(text)
    .split(/\s+/u)
    .map((word) => word.replace(/,+$/u, ''))
    .filter((word) => word !== '');
  const [first = '', ...others] = words;
  switch (first.toLowerCase()) {
    case '':
      return { kind: 'help' };
    case 'sweep':
      return others.length === 0 ? { kind: 'help' } : { kind: 'sweep', targets: others };
    case 'host':
    case 'explain':
      return { kind: 'host', words: others };
    case 'status':
    case 'diff':
    case 'help':
      if (others.length > 0) break;
      return { kind: first.toLowerCase() as 'status' | 'diff' | 'help' };
    default:
  }
  return { kind: 'sweep', targets: words };
}
