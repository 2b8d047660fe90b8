/** The plain value of a YAML document, and where each part of it stands. */
import { isMap, isScalar, isSeq } from 'yaml';
import { keyText, type YamlPlace, type YamlText } from '../../runner/fleet/yaml-text.ts';

export type ConfigPath = readonly (string | number)[];

/** What YAML allows and whodisk.yml does not. */
export interface YamlMistake {
  readonly path: ConfigPath;
  readonly place: YamlPlace | undefined;
  readonly message: string;
}

const DEEPEST = 20;
/** Aliases may multiply what is written. */
const MOST_VALUES = 1_000_000;

/** Objects with plain keys, arrays and scalars; keys are text as it is written. */
export function plainValue(yaml: YamlText): { readonly value: unknown; readonly mistakes: readonly YamlMistake[] } {
  const mistakes: YamlMistake[] = [];
  let left = MOST_VALUES;
  const convert = (written: unknown, path: ConfigPath): unknown => {
    const complain = (message: string, at = written): undefined => {
      mistakes.push({ path, place: yaml.placeOf(at), message });
    };
    left -= 1;
    if (left < 0) return left === -1 ? complain('aliases multiply this beyond every fleet.') : undefined;
    if (path.length > DEEPEST) return complain('it is nested too deeply.');
    const node = yaml.resolve(written);
    const { tag } = (node ?? {}) as { tag?: string };
    if (tag?.startsWith('!') === true) return complain('a tag has no meaning here: leave it out.');
    if (isSeq(node)) return node.items.map((item, index) => convert(item, [...path, index]));
    if (!isMap(node)) return isScalar(node) ? node.value : null;
    const object: Record<string, unknown> = {};
    for (const pair of node.items) {
      const key = yaml.resolve(pair.key);
      if (!isScalar(key)) complain('a key is a plain name.', pair.key);
      else if (keyText(key) === '<<') complain('"<<" has no meaning here: write the settings out.', pair.key);
      else if (keyText(key) === '__proto__') complain('"__proto__" is no name that can be used here.', pair.key);
      else object[keyText(key)] = convert(pair.value, [...path, keyText(key)]);
    }
    return object;
  };
  return { value: convert(yaml.root, []), mistakes };
}

/** Where a path of the plain value stands: its key in a mapping, its entry in a list, else the nearest thing around it. */
export function placeOfPath(yaml: YamlText, path: ConfigPath): YamlPlace | undefined {
  let node = yaml.resolve(yaml.root);
  let place = yaml.placeOf(node);
  for (const step of path) {
    if (isSeq(node) && typeof step === 'number') {
      const item = node.items[step];
      place = yaml.placeOf(item) ?? place;
      node = yaml.resolve(item);
    } else if (isMap(node)) {
      const pair = node.items.find(({ key }) => {
        const name = yaml.resolve(key);
        return isScalar(name) && keyText(name) === step;
      });
      if (pair === undefined) return place;
      place = yaml.placeOf(pair.key) ?? place;
      node = yaml.resolve(pair.value);
    } else {
      return place;
    }
  }
  return place;
}

/** 'groups.db.hosts[2]'; a key that is no plain word is quoted. */
export function pathText(path: ConfigPath): string {
  return path
    .map((step, index) => {
      if (typeof step === 'number') return `[${step}]`;
      if (!/^[\w-]+$/u.test(step)) return `[${JSON.stringify(step.slice(0, 80))}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join('');
}
