/** What no sweep says: that one could not begin, or was left out. */
import type { Config } from '../config/read-config.ts';
import { encodeText } from '../render/encode.ts';
import { plainText } from '../render/slack-text.ts';
import type { TellDeps } from './deps.ts';
import { type Once, tellOnce } from './once.ts';
import type { Told } from './outcome.ts';
import { sendTo } from './send-to.ts';

export interface Notice {
  /** Said once under this name. */
  readonly key: string;
  /** What it is about: "schedule nightly". */
  readonly about: string;
  /** A sentence for people. */
  readonly sentence: string;
  /** Where the store cannot say what was told: what this process has told, by key. */
  readonly said?: Set<string>;
}

/**
 * Tells destinations, each once. What cannot be told is in the log; whoever calls again with the same key tries again those that were not
 * told. Never rejects.
 *
 * @param names of `tell` in the configuration
 */
export async function tellNotice(
  deps: TellDeps,
  config: Config,
  names: readonly string[],
  notice: Notice,
): Promise<void> {
  const { about, key, sentence, said } = notice;
  const { publicUrl } = config;
  await Promise.all(
    names.map(async (name) => {
      const destination = config.tell.get(name);
      if (destination === undefined) return;
      const once = (send: () => Promise<Told>): Promise<Once> =>
        said === undefined ? tellOnce(deps, `${key}#${name}`, send) : onceHere(said, `${key}#${name}`, send);
      const outcome = await once(() =>
        sendTo(deps, destination, {
          id: `${key}-${name}`,
          slack: () => {
            const plain = plainText(`${about}: ${sentence}`, MOST_COLUMNS);
            return { text: plain.text, blocks: [{ type: 'section', text: plain }] };
          },
          body: () => ({
            schemaVersion: 1,
            type: 'notice',
            about,
            sentence: encodeText(sentence),
            ...(publicUrl !== undefined && { publicUrl }),
          }),
        }),
      );
      if (outcome.kind !== 'again' && outcome.kind !== 'given-up') return;
      deps.log.warn('a notice cannot be told', { about, to: name, detail: outcome.message });
    }),
  );
}

async function onceHere(said: Set<string>, key: string, send: () => Promise<Told>): Promise<Once> {
  if (said.has(key)) return { kind: 'already' };
  said.add(key);
  const told = await send();
  if (told.kind === 'again') said.delete(key);
  return told;
}

const MOST_COLUMNS = 400;
