/** whodisk.yml: text in, checked values or every problem in it out. Reads no file. */
import type * as z from 'zod';
import type { InventoryProblem } from '../../runner/fleet/inventory.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { readYaml, type YamlText } from '../../runner/fleet/yaml-text.ts';
import { type ConfigValue, configSchema } from './config-schema.ts';
import { knownKeys } from './known-keys.ts';
import { type ConfigPath, pathText, placeOfPath, plainValue } from './yaml-value.ts';

/** A problem with a file; `path` is that within whodisk.yml, 'groups.db.hosts[2]', and stands at the front of the message too. */
export interface ConfigProblem extends InventoryProblem {
  readonly path?: string;
}

/** Makes problems of paths. */
export type ProblemAt = (path: ConfigPath, message: string) => ConfigProblem;

export type ConfigText =
  | { readonly kind: 'config'; readonly value: ConfigValue; readonly problemAt: ProblemAt }
  | { readonly kind: 'problems'; readonly problems: readonly ConfigProblem[] };

/** @param file the name for messages */
export function readConfigText(text: string, file: string): ConfigText {
  const yaml = readYaml(text, file, '1.2');
  if (yaml.kind === 'problems') return yaml;
  const { value, mistakes } = plainValue(yaml);
  if (mistakes.length > 0) {
    const problems = mistakes.map(({ path, place, message }) => problemOf(file, path, place, message));
    return { kind: 'problems', problems };
  }
  const problemAt: ProblemAt = (path, message) => problemOf(file, path, placeOfPath(yaml, path), message);
  const checked = configSchema.safeParse(value ?? {});
  if (checked.success) return { kind: 'config', value: checked.data, problemAt };
  const problems = checked.error.issues.flatMap((issue) => problemsOf(issue, [], problemAt));
  return { kind: 'problems', problems: inOrder(problems) };
}

/** In the order of the file. */
export function inOrder<Problem extends InventoryProblem>(problems: readonly Problem[]): Problem[] {
  return [...problems].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

function problemOf(
  file: string,
  path: ConfigPath,
  place: ReturnType<YamlText['placeOf']>,
  message: string,
): ConfigProblem {
  const where = pathText(path);
  return {
    file,
    ...place,
    ...(where !== '' && { path: where }),
    message: where === '' ? message : `${where}: ${message}`,
  };
}

type Issue = z.core.$ZodIssue;

function problemsOf(issue: Issue, before: ConfigPath, problemAt: ProblemAt): ConfigProblem[] {
  const path = [...before, ...issue.path.map((step) => (typeof step === 'number' ? step : String(step)))];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => problemAt([...path, key], unknownKey(key, path)));
    case 'invalid_union': {
      // The alternative that the value has the shape of; without one, what is wanted in words.
      const meant = issue.errors.find(
        (errors) => !errors.some((error) => error.path.length === 0 && error.code === 'invalid_type'),
      );
      if (meant !== undefined) return meant.flatMap((error) => problemsOf(error, path, problemAt));
      return [
        problemAt(
          path,
          path[0] === 'groups' ? 'give a list of members, or a mapping.' : 'give a text or a list of texts.',
        ),
      ];
    }
    case 'invalid_type':
      return [
        problemAt(
          path,
          issue.message.startsWith('Invalid') ? `give ${WANTED[issue.expected] ?? issue.expected}.` : issue.message,
        ),
      ];
    case 'invalid_value':
      return [problemAt(path, `give one of ${issue.values.join(', ')}.`)];
    case 'invalid_key':
      return [problemAt(path, issue.issues[0]?.message ?? issue.message)];
    default:
      return [problemAt(path, issue.message)];
  }
}

const WANTED: Readonly<Record<string, string>> = {
  object: 'a mapping, name: value',
  record: 'a mapping, name: value',
  array: 'a list',
  string: 'a text',
  boolean: 'true or false',
};

function unknownKey(key: string, path: ConfigPath): string {
  const known = knownKeys(path);
  const meant = suggestionFor(key, known) ?? known.find((name) => plain(name) === plain(key));
  return `there is no such setting. ${meant === undefined ? `Known are ${known.join(', ')}.` : `Did you mean ${meant}?`}`;
}

/** window_seconds, WindowSeconds and window are all windowSeconds. */
function plain(key: string): string {
  return key.toLowerCase().replace(/[_\-\s]|seconds$|minutes$|days$/gu, '');
}
