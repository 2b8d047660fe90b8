/** One file of ssh_config(5) as blocks of options. Pure: text in, blocks out; which options count is said in options.ts. */

import { shown } from '../shown.ts';
import { type Condition, hostCondition, matchCondition } from './criteria.ts';
import { classifyKeyword, type Keyword, OPTION_RULES } from './options.ts';
import { readConfigLine } from './syntax.ts';

export type Step =
  | {
      readonly kind: 'option';
      readonly keyword: Keyword;
      readonly words: readonly string[];
      readonly rest: string;
      readonly line: number;
    }
  /** `files` are the files that `patterns` name, in order: filled in by whoever reads them. */
  | {
      readonly kind: 'include';
      readonly patterns: readonly string[];
      readonly files: ConfigFile[];
      readonly line: number;
    }
  /** ssh stops at it, unless an IgnoreUnknown that applies to the host stands above it. `keyword` in lower case. */
  | { readonly kind: 'unknown-option'; readonly keyword: string; readonly line: number };

export interface Block {
  readonly condition: Condition;
  readonly line: number;
  readonly steps: readonly Step[];
}

export interface ConfigFile {
  readonly path: string;
  readonly blocks: readonly Block[];
}

export interface ParsedConfig extends ConfigFile {
  /** What ssh would stop at for every host, with file and line. */
  readonly problems: readonly string[];
}

const MAX_LINE_CHARACTERS = 64 * 1024;

/** @param path is only kept, for messages */
export function parseConfigText(text: string, path: string): ParsedConfig {
  const problems: string[] = [];
  let steps: Step[] = [];
  const blocks: Block[] = [{ condition: { kind: 'whole-file' }, line: 1, steps }];
  for (const [index, content] of text.split('\n').entries()) {
    const line = index + 1;
    const wrong = (problem: string) => problems.push(`${path} line ${line}: ${problem}.`);
    if (content.length > MAX_LINE_CHARACTERS) {
      wrong(`it is longer than ${MAX_LINE_CHARACTERS} characters`);
      continue;
    }
    if (content.includes('\0')) {
      wrong('it holds a NUL character');
      continue;
    }
    const read = readConfigLine(content);
    if (read === undefined) continue;
    if ('problem' in read) {
      wrong(read.problem);
      continue;
    }
    if (read.keyword === 'host' || read.keyword === 'match') {
      const condition = read.keyword === 'host' ? hostCondition(read.words) : matchCondition(read.rest);
      if ('problem' in condition) {
        wrong(condition.problem);
        continue;
      }
      steps = [];
      blocks.push({ condition, line, steps });
      continue;
    }
    const step = stepOf(read.keyword, read.words, read.rest, line);
    if (step === undefined) continue;
    if ('problem' in step) wrong(step.problem);
    else steps.push(step);
  }
  return { path, blocks, problems };
}

function stepOf(
  keyword: string,
  words: readonly string[],
  rest: string,
  line: number,
): Step | { readonly problem: string } | undefined {
  const [first] = words;
  if (keyword === 'include') {
    if (words.length === 0 || words.includes('')) return { problem: 'Include names no file' };
    return { kind: 'include', patterns: words, files: [], line };
  }
  const known = classifyKeyword(keyword);
  if (known === 'unknown') return { kind: 'unknown-option', keyword, line };
  if (first === undefined) return { problem: `${nameOf(known, keyword)} has no value` };
  if (known === 'left-out') return undefined;
  const problem = OPTION_RULES[known].problem(words);
  if (problem !== undefined) return { problem: `${OPTION_RULES[known].name}: ${problem}` };
  return { kind: 'option', keyword: known, words, rest, line };
}

function nameOf(known: Keyword | 'left-out', keyword: string): string {
  return known === 'left-out' ? shown(keyword) : OPTION_RULES[known].name;
}
