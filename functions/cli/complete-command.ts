/**
 * `whodisk complete SHELL -- …`: what a completion script asks when somebody presses Tab. It reads whodisk.yml and inventory files,
 * asks no network, dials nobody, says nothing of what is wrong, and is done within a second.
 */
import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { readInventoryFile } from '../../runner/fleet/inventory-file.ts';
import { readConfig } from '../config/read-config.ts';
import { readBashLine, writeBashWord } from './bash-words.ts';
import type { CompleteCommand } from './commands.ts';
import { type Candidate, candidatesFor, type Names, type Wanted, wantedAt } from './complete-words.ts';
import { FAILED } from './exit-status.ts';
import { describeProgram } from './options.ts';
import { print } from './print.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

const LONGEST_MS = 1000;
/** An inventory with more, some 50,000 hosts, takes longer to read than a person waits for a Tab, and no timer ends it. */
const MOST_FILE_BYTES = 2 * 1024 * 1024;

/** Resolves to the exit status, which no shell looks at. */
export async function completeCommand(
  command: CompleteCommand,
  surroundings: Surroundings,
  streams: Pick<Streams, 'stdout' | 'stderr'>,
): Promise<number> {
  try {
    return await print(await answer(command, surroundings), streams);
  } catch {
    // Words that appear while somebody types would be worse than a Tab without an effect.
    return FAILED;
  }
}

async function answer({ shell, words }: CompleteCommand, surroundings: Surroundings): Promise<string> {
  const bash = shell === 'bash' ? readBashLine(words[0] ?? '') : undefined;
  // fish gives the word at the cursor as it was typed.
  const typed = words.at(-1) ?? '';
  const current = bash?.current ?? (shell === 'fish' ? readBashLine(`whodisk ${typed}`).current : typed);
  const wanted = wantedAt(bash?.before ?? words.slice(0, -1), current, describeProgram(''));
  const names = wanted.names === undefined ? NOBODY : await withinTime(readNames(wanted, surroundings));
  const candidates = candidatesFor(wanted, names);
  const lines =
    bash === undefined
      ? candidates.map(({ text, means }) => (means === undefined ? text : `${text}\t${means}`))
      : bashReplies(candidates, bash, words[1] ?? '');
  return `${[wanted.paths ?? 'words', ...lines].join('\n')}\n`;
}

/** Readline replaces only what it takes for the word, which begins behind the last "=", "@" or ":" (COMP_WORDBREAKS). */
function bashReplies(
  candidates: readonly Candidate[],
  { typed, quote }: ReturnType<typeof readBashLine>,
  replaced: string,
): string[] {
  const stays = typed.endsWith(replaced) ? typed.slice(0, typed.length - replaced.length) : '';
  return candidates.flatMap(({ text }) => {
    const written = writeBashWord(text, quote);
    return written?.startsWith(stays) === true ? [written.slice(stays.length)] : [];
  });
}

const NOBODY: Names = { hosts: [], groups: [] };

function withinTime(names: Promise<Names>): Promise<Names> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Names>((done) => {
    timer = setTimeout(done, LONGEST_MS, NOBODY);
  });
  return Promise.race([names, late]).finally(() => clearTimeout(timer));
}

async function readNames(
  { config, inventories }: Wanted,
  { workingDirectory, homeDirectory, config: usual, xdgConfigHome }: Surroundings,
): Promise<Names> {
  const placeOf = (file: string): string =>
    file.startsWith('~/') ? join(homeDirectory, file.slice(2)) : resolve(workingDirectory, file);
  const read: Inventory[] = [];
  for (const file of inventories) {
    // Of a pipe, what is read here would be missing later.
    if (file === '-' || !(await isFile(placeOf(file)))) continue;
    const found = await readInventoryFile(placeOf(file), file, MOST_FILE_BYTES);
    if (found.kind === 'inventory') read.push(found.inventory);
  }
  const given = config === undefined ? usual : placeOf(config);
  if (given !== undefined && !(await isFile(resolve(workingDirectory, given)))) return namesOf(read);
  const found = await readConfig({
    ...(given !== undefined && { given }),
    cwd: workingDirectory,
    homeDirectory,
    ...(xdgConfigHome !== undefined && { xdgConfigHome }),
    inventories: read,
    mostInventoryBytes: MOST_FILE_BYTES,
  });
  return namesOf(found.kind === 'config' ? [found.config.inventory] : read);
}

async function isFile(file: string): Promise<boolean> {
  const found = await stat(file).catch(() => undefined);
  return found?.isFile() === true;
}

function namesOf(inventories: readonly Inventory[]): Names {
  return {
    hosts: [...new Set(inventories.flatMap(({ hosts }) => [...hosts.keys()]))],
    groups: [...new Set(inventories.flatMap(({ groups }) => [...groups.keys()]))],
  };
}
