/** What may stand where the cursor is: from the commands and options themselves, and the names of hosts and groups. Pure. */
import type { Command, Option } from 'commander';
import { encodeText } from '../render/encode.ts';
import { OPTIONS_OF, SUBCOMMANDS, type Subcommand } from './command-line.ts';
import { SHELLS } from './shells.ts';
import { SUBCOMMAND_MEANS } from './subcommand-means.ts';
import { ACTS, OPTIONS_OF_ACT } from './token-words.ts';

export interface Candidate {
  readonly text: string;
  /** A few words for a shell that shows them. */
  readonly means?: string;
}

/** What is wanted at the cursor. */
export interface Wanted {
  /** What the word begins with and is no part of what is completed, such as "--privilege=" or "root@". */
  readonly kept: string;
  /** What it begins with after that. */
  readonly start: string;
  readonly candidates: readonly Candidate[];
  readonly paths?: 'files' | 'folders';
  /** Hosts alone, or groups too. */
  readonly names?: 'hosts' | 'targets';
  /** What -c and -i said before it, as written. */
  readonly config?: string;
  readonly inventories: readonly string[];
}

export interface Names {
  readonly hosts: readonly string[];
  /** Without "@", and without "all". */
  readonly groups: readonly string[];
}

/** More names than this help nobody: then none is offered until more is typed. */
const MOST_NAMES = 1000;

/**
 * @param before the words after the program's name and before the one at the cursor, without quotes
 * @param current the word at the cursor as far as it is typed
 */
export function wantedAt(before: readonly string[], current: string, program: Command): Wanted {
  const read = readWords(before, program);
  const from = { inventories: read.inventories, ...(read.config !== undefined && { config: read.config }) };
  const whole = { ...from, kept: '', start: current, candidates: [] };
  if (read.pending !== undefined) return { ...whole, ...valueAt(read.pending, current) };
  const assigned = /^(--[^=]+)=/u.exec(current);
  const option = assigned === null ? undefined : optionCalled(assigned[1] ?? '', program);
  if (option !== undefined && assigned !== null && !read.isPastOptions) {
    const [kept] = assigned;
    const value = valueAt(option, current.slice(kept.length));
    return { ...whole, ...value, kept: kept + value.kept };
  }
  const [first, ...rest] = read.operands;
  const command = SUBCOMMANDS.find((one) => one === first);
  if (current.startsWith('-') && !read.isPastOptions) {
    return { ...whole, candidates: optionsOf(command, rest[0], program) };
  }
  return { ...whole, ...operandOf(command, command === undefined ? read.operands : rest, current) };
}

/** The candidates that begin as the word does, whole words, none twice. */
export function candidatesFor({ kept, start, candidates, names }: Wanted, known: Names): Candidate[] {
  const begunWith = (texts: readonly string[]): Candidate[] => {
    const found = texts.filter((text) => text.startsWith(start) && isPlain(text));
    return found.length > MOST_NAMES ? [] : found.map((text) => ({ text }));
  };
  const groups =
    names === 'targets' && kept === '' ? begunWith(['all', ...known.groups].map((name) => `@${name}`)) : [];
  const isCommand = (name: string): boolean => candidates.some(({ text }) => text === name);
  const hosts = names === undefined ? [] : begunWith(known.hosts.filter((name) => !isCommand(name)));
  const all = [...candidates.filter(({ text }) => text.startsWith(start)), ...groups, ...hosts];
  return all.map(({ text, ...more }) => ({ text: kept + text, ...more }));
}

/** What would be more than a line, or not be seen, is not offered. */
const isPlain = (text: string): boolean => encodeText(text) === text;

interface ReadWords {
  readonly operands: readonly string[];
  readonly inventories: readonly string[];
  readonly config?: string;
  /** The option whose value comes next. */
  readonly pending?: Option;
  /** After "--" nothing is an option. */
  readonly isPastOptions: boolean;
}

function readWords(words: readonly string[], program: Command): ReadWords {
  const operands: string[] = [];
  const given: Record<'config' | 'inventory', string[]> = { config: [], inventory: [] };
  let pending: Option | undefined;
  let isPastOptions = false;
  const take = (option: Option, value: string): void => {
    const name = option.attributeName();
    if (name === 'config' || name === 'inventory') given[name].push(value);
  };
  for (const word of words) {
    if (pending !== undefined) {
      take(pending, word);
      pending = undefined;
    } else if (word === '--') isPastOptions = true;
    else if (isPastOptions || !/^-./u.test(word)) operands.push(word);
    else {
      const [, name = word, value] = /^(--[^=]+)=(.*)$/su.exec(word) ?? /^(-[^-])(.+)$/su.exec(word) ?? [];
      const option = optionCalled(name, program);
      const wantsValue = option !== undefined && (option.required || option.optional);
      if (wantsValue && value === undefined) pending = option;
      else if (wantsValue && value !== undefined) take(option, value);
    }
  }
  const config = given.config.at(-1);
  return {
    operands,
    inventories: given.inventory,
    isPastOptions,
    ...(config !== undefined && { config }),
    ...(pending !== undefined && { pending }),
  };
}

function optionCalled(name: string, program: Command): Option | undefined {
  return program.options.find(({ long, short }) => long === name || short === name);
}

type Wish = Pick<Wanted, 'kept' | 'start' | 'candidates' | 'paths' | 'names'>;

function valueAt(option: Option, current: string): Wish {
  const wish: Wish = { kept: '', start: current, candidates: [] };
  const words = (texts: readonly string[]): Candidate[] => texts.map((text) => ({ text }));
  if (option.argChoices !== undefined) return { ...wish, candidates: words(option.argChoices) };
  const name = option.attributeName();
  if (name === 'store') return { ...wish, candidates: words(['none']), paths: 'folders' };
  if (name === 'jump') return { ...wish, ...hostAt(current, current.lastIndexOf(',') + 1), names: 'hosts' };
  const [, what] = /<(file|folder)>/u.exec(option.flags) ?? [];
  if (what === undefined) return wish;
  return { ...wish, paths: what === 'file' ? 'files' : 'folders' };
}

/** A host behind the user that it may be written with. */
function hostAt(current: string, from: number): Pick<Wanted, 'kept' | 'start'> {
  const at = current.indexOf('@', from);
  const split = at > from ? at + 1 : from;
  return { kept: current.slice(0, split), start: current.slice(split) };
}

function operandOf(command: Subcommand | undefined, operands: readonly string[], current: string): Wish {
  const nothing: Wish = { kept: '', start: current, candidates: [] };
  const oneOf = (texts: readonly string[]): Wish =>
    operands.length > 0 ? nothing : { ...nothing, candidates: texts.map((text) => ({ text })) };
  switch (command) {
    case undefined: {
      const commands = SUBCOMMANDS.map((text) => ({ text, means: SUBCOMMAND_MEANS[text] }));
      const host = hostAt(current, 0);
      const isFirst = operands.length === 0 && host.kept === '';
      return { ...host, candidates: isFirst ? commands : [], names: 'targets' };
    }
    case 'sweep':
      return { ...hostAt(current, 0), candidates: [], names: 'targets' };
    case 'explain':
    case 'history':
      return operands.length > 0 ? nothing : { ...nothing, names: 'hosts' };
    case 'read':
      return { ...nothing, paths: 'files' };
    case 'token':
      return oneOf(ACTS);
    case 'store':
      return oneOf(['create']);
    case 'schema':
      return oneOf(['config']);
    case 'completion':
      return oneOf(SHELLS);
    case 'diff':
    case 'audit':
    case 'serve':
    case 'demo':
    case 'help':
      return nothing;
    default:
      return command satisfies never;
  }
}

function optionsOf(command: Subcommand | undefined, act: string | undefined, program: Command): Candidate[] {
  const known: Partial<Record<string, readonly string[]>> = OPTIONS_OF;
  const ofAct: Partial<Record<string, readonly string[]>> = OPTIONS_OF_ACT;
  const names = command === 'token' ? ofAct[act ?? ''] : known[command ?? 'sweep'];
  const taken = [...(names ?? []), ...(command === undefined ? ['version'] : [])];
  const options = program.options.filter((option) => taken.includes(option.attributeName()));
  const help = { text: '--help', means: 'print this help' };
  return [...options.map((option) => ({ text: option.long ?? '', means: option.description })), help];
}
