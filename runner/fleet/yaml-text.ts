/** YAML that anybody may have written: parsed within limits, with the place of everything in it. Nothing of the text is repeated. */
import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, type Scalar } from 'yaml';
import { shownHost } from '../ssh/secret-text.ts';
import type { InventoryProblem } from './inventory.ts';
import { ENOUGH_PROBLEMS } from './problems.ts';

export interface YamlPlace {
  readonly line: number;
  readonly column: number;
}

export interface YamlText {
  readonly kind: 'yaml';
  readonly root: unknown;
  readonly placeOf: (node: unknown) => YamlPlace | undefined;
  /** What an alias stands for; any other node is itself. */
  readonly resolve: (node: unknown) => unknown;
}

/** '1.2' is the core schema without merge keys; '1.1' is what Ansible's PyYAML reads. */
export type YamlVersion = '1.1' | '1.2';

/** It takes a third of a second and some 100 MB for each MiB. */
const MOST_CHARACTERS = 4 * 1024 * 1024;

/** @param file the name for messages */
export function readYaml(
  text: string,
  file: string,
  version: YamlVersion,
): YamlText | { readonly kind: 'problems'; readonly problems: readonly InventoryProblem[] } {
  if (text.length > MOST_CHARACTERS) {
    const message = `YAML of ${Math.ceil(text.length / 2 ** 20)} MiB: ${MOST_CHARACTERS / 2 ** 20} MiB is the most.`;
    return { kind: 'problems', problems: [{ file, message }] };
  }
  const lineCounter = new LineCounter();
  const placeAt = (offset: number): YamlPlace => {
    const { line, col } = lineCounter.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const placeOf = (node: unknown): YamlPlace | undefined => {
    const range = (node as Partial<Node> | null | undefined)?.range;
    return range ? placeAt(range[0]) : undefined;
  };
  const document = parseDocument(text, {
    lineCounter,
    version,
    merge: version === '1.1',
    // Its own check compares each key with each other one: minutes for a large file.
    uniqueKeys: false,
    // Else messages come with the line that they are about, whatever it holds.
    prettyErrors: false,
    logLevel: 'silent',
  });
  const problems: InventoryProblem[] = document.errors
    .slice(0, ENOUGH_PROBLEMS)
    .map(({ message, pos }) => ({ file, ...placeAt(pos[0]), message: withoutText(message) }));
  if (problems.length > 0) return { kind: 'problems', problems };
  const { targets, mistakes } = inspect(document.contents);
  for (const { node, message } of mistakes) problems.push({ file, ...placeOf(node), message });
  if (problems.length > 0) return { kind: 'problems', problems };
  const resolve = (node: unknown): unknown => (isAlias(node) ? targets.get(node) : node);
  return { kind: 'yaml', root: document.contents, placeOf, resolve };
}

/** '<<' of YAML 1.1; the parser may keep it as a symbol. */
export function isMergeKey(key: unknown): boolean {
  return isScalar(key) && (key.value === '<<' || typeof key.value === 'symbol');
}

/** A key as it is written: a host that is called 10 or 1e3 keeps its spelling. */
export function keyText(key: Scalar): string {
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value));
}

/** The parser's sentence without the words of the file that it quotes. */
function withoutText(message: string): string {
  if (message.includes('call stack')) return 'it is nested too deeply.';
  const said = message.replace(/\s*(?:: ["'`]|["'`]).*$/su, '');
  return said.length > 5 ? `${said}.` : 'this is no YAML.';
}

/**
 * One walk in the order of the text: which node each alias means (the library looks through the whole document for each), and keys
 * that stand twice in one mapping.
 */
function inspect(root: unknown): {
  targets: ReadonlyMap<unknown, unknown>;
  mistakes: readonly { readonly node: unknown; readonly message: string }[];
} {
  const targets = new Map<unknown, unknown>();
  const anchors = new Map<string, unknown>();
  const mistakes: { node: unknown; message: string }[] = [];
  const nodes: unknown[] = [root];
  while (nodes.length > 0 && mistakes.length < ENOUGH_PROBLEMS) {
    const node = nodes.pop();
    if (isAlias(node)) {
      if (anchors.has(node.source)) targets.set(node, anchors.get(node.source));
      else mistakes.push({ node, message: 'an alias without an anchor before it.' });
    } else if (isNode(node) && node.anchor !== undefined) {
      anchors.set(node.anchor, node);
    }
    const children: unknown[] = [];
    if (isSeq(node)) for (const item of node.items) children.push(item);
    if (isMap(node)) {
      const seen = new Set<string>();
      for (const { key, value } of node.items) {
        const isName = isScalar(key) && !isMergeKey(key);
        const text = isName ? `${typeof key.value} ${String(key.value)}` : undefined;
        if (isName && text !== undefined && seen.has(text)) {
          mistakes.push({ node: key, message: `${shownHost(keyText(key))} stands twice here: join the two.` });
        }
        if (text !== undefined) seen.add(text);
        children.push(key, value);
      }
    }
    while (children.length > 0) nodes.push(children.pop());
  }
  return { targets, mistakes };
}
