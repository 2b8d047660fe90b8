/** The secrets that whodisk.yml names: one JSON object in Secrets Manager plays the part of the environment, so that the same file serves. */
import * as z from 'zod';
import { checkedSecret, type SecretOfName } from '../secrets.ts';
import type { SecretReader } from './secret-reader.ts';

/** What `{env: NAME}` means: the entry NAME of the object. Never rejects. */
export function secretsIn(reader: SecretReader): SecretOfName {
  return async (name) => {
    const read = await reader.read();
    if ('problem' in read) return read;
    const entries = entriesIn(read.text);
    if (entries === undefined) {
      return { problem: `The secret ${reader.name} is no JSON object of names and texts, such as {"NAME": "…"}.` };
    }
    const value = Object.hasOwn(entries, name) ? entries[name] : undefined;
    const title = `${name} in the secret ${reader.name}`;
    return value === undefined ? { problem: `${title} is not there: add it.` } : checkedSecret(value, title);
  };
}

function entriesIn(text: string): Readonly<Record<string, string>> | undefined {
  try {
    return z.record(z.string(), z.string()).safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
