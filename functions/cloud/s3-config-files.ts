/** The files of the configuration from S3: a folder that is kept equal to what lies below a prefix. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { S3Client } from '@aws-sdk/client-s3';
import pLimit from 'p-limit';
import { inTime } from '../in-time.ts';
import { CLIENT_SETTINGS } from './client-settings.ts';
import { filesProblem, MOST_FILES } from './config-file-names.ts';
import type { ConfigFiles, ReadConfigFiles } from './config-files.ts';
import { getObject, listObjects, type S3Object, type S3Place, s3Problem } from './s3-objects.ts';

export interface S3FilesOptions {
  /** In which a folder of mode 0700 is made, such as the temporary folder of this machine. */
  readonly parent: string;
  /** For all objects together; default 20,000. */
  readonly limitMs?: number;
}

/** What has not changed since the last time, by its ETag, is not fetched again; what is gone is removed. */
export function s3ConfigFiles(place: S3Place, { parent, limitMs = LIMIT_MS }: S3FilesOptions): ReadConfigFiles {
  const client = new S3Client(CLIENT_SETTINGS);
  /** By name, the ETag of what lies in the folder. */
  const have = new Map<string, string>();
  let made: Promise<string> | undefined;

  async function read(signal: AbortSignal): Promise<ConfigFiles> {
    const objects = await listObjects(client, place, MOST_FILES, signal);
    const problem = objects.length === 0 ? 'there is nothing: put whodisk.yml there.' : filesProblem(objects);
    if (problem !== undefined) return { kind: 'problem', problem: `s3://${place.bucket}/${place.prefix}: ${problem}` };
    made ??= mkdtemp(path.join(parent, 'whodisk-config-'));
    const folder = await made;
    const names = new Set(objects.map(({ name }) => name));
    for (const name of [...have.keys()].filter((one) => !names.has(one))) await forget(folder, name);
    const limit = pLimit(AT_A_TIME);
    const changed = objects.filter(({ name, etag }) => have.get(name) !== etag);
    const fetched = await Promise.allSettled(changed.map((object) => limit(() => fetch(folder, object, signal))));
    const failed = fetched.find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
    return { kind: 'folder', folder };
  }

  async function fetch(folder: string, object: S3Object, signal: AbortSignal): Promise<void> {
    const bytes = await getObject(client, place, object, signal);
    // Until it is written it is neither the old one nor the new one; where a folder was there may be a file now.
    await forget(folder, object.name);
    const file = path.join(folder, object.name);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, bytes, { mode: 0o600 });
    have.set(object.name, object.etag);
  }

  async function forget(folder: string, name: string): Promise<void> {
    have.delete(name);
    await rm(path.join(folder, name), { recursive: true, force: true });
  }

  return async () => {
    const giveUp = new AbortController();
    try {
      const files = await inTime(read(giveUp.signal), limitMs);
      if (files !== 'late') return files;
      return { kind: 'unavailable', message: s3Problem(new Error(`no answer within ${limitMs / 1000} s`), place) };
    } catch (error) {
      return { kind: 'unavailable', message: s3Problem(error, place) };
    } finally {
      giveUp.abort();
    }
  };
}

const AT_A_TIME = 8;
const LIMIT_MS = 20_000;
