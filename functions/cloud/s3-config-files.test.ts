import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { useLocalAws } from '../../test/cloud/local-aws.ts';
import { MOST_FILES } from './config-file-names.ts';
import { s3ConfigFiles } from './s3-config-files.ts';
import { s3PlaceOf } from './s3-objects.ts';

vi.setConfig({ testTimeout: 30_000 });

let restore = (): void => {};
/** What went over the wire: "GET /bucket/key", a listing as "LIST". */
const asked: string[] = [];
/** The status that a request is refused with, and S3's code for it. */
let fault: (url: string) => { status: number; code: string } | undefined = () => undefined;
const app = buildApp({ logger: false, defaultRegion: 'eu-central-1' });
app.addHook('onRequest', async (request, reply) => {
  if (request.method !== 'GET') return;
  const { pathname, searchParams } = new URL(request.url, 'http://s3');
  asked.push(searchParams.has('list-type') ? 'LIST' : `GET ${pathname}`);
  const refused = fault(request.url);
  if (refused === undefined) return;
  const xml = `<Error><Code>${refused.code}</Code><Message>no</Message></Error>`;
  await reply.code(refused.status).type('application/xml').send(xml);
});
let client: S3Client;
beforeAll(async () => {
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  restore = useLocalAws({ AWS_ENDPOINT_URL_S3: url });
  client = new S3Client({});
});
afterAll(async () => {
  client.destroy();
  restore();
  await app.close();
});

let bucket = '';
let parent = '';
let buckets = 0;
beforeEach(async () => {
  buckets += 1;
  bucket = `whodisk-${buckets}`;
  parent = mkdtempSync(path.join(tmpdir(), 'whodisk-s3-'));
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  asked.length = 0;
  fault = () => undefined;
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

const put = (Key: string, Body = Key) =>
  client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: Buffer.from(Body) }));
const remove = (Key: string) => client.send(new DeleteObjectCommand({ Bucket: bucket, Key }));
const filesOf = (prefix = 'whodisk/') => {
  const place = s3PlaceOf(`s3://${bucket}/${prefix}`);
  if (place === undefined) throw new Error('no place');
  return s3ConfigFiles(place, { parent });
};
const folderOf = async (files: ReturnType<typeof filesOf>): Promise<string> => {
  const read = await files();
  if (read.kind !== 'folder') throw new Error(JSON.stringify(read));
  return read.folder;
};
const textIn = (folder: string, name: string): string => readFileSync(path.join(folder, name), 'utf8');

describe('a prefix in S3', () => {
  test('becomes a private folder with all that lies below it, and nothing from beside it', async () => {
    await put('whodisk/whodisk.yml', 'hosts: {a: }');
    await put('whodisk/inventories/web.ini', 'web-1');
    await put('whodisk/', '');
    await put('whodisk-other/whodisk.yml', 'other');
    const folder = await folderOf(filesOf());
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual([
      'inventories',
      'inventories/web.ini',
      'whodisk.yml',
    ]);
    expect(textIn(folder, 'inventories/web.ini')).toBe('web-1');
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(path.join(folder, 'whodisk.yml')).mode & 0o777).toBe(0o600);
  });

  test('is fetched again only as far as it has changed, and what is gone is gone', async () => {
    for (const name of ['whodisk.yml', 'a', 'b', 'c/d']) await put(`whodisk/${name}`);
    const files = filesOf();
    const folder = await folderOf(files);
    asked.length = 0;
    expect(await folderOf(files)).toBe(folder);
    expect(asked).toEqual(['LIST']);
    await put('whodisk/a', 'new');
    await remove('whodisk/b');
    await remove('whodisk/c/d');
    await put('whodisk/c', 'now a file');
    asked.length = 0;
    await folderOf(files);
    expect(asked.sort()).toEqual([`GET /${bucket}/whodisk/a`, `GET /${bucket}/whodisk/c`, 'LIST']);
    expect([textIn(folder, 'a'), textIn(folder, 'c')]).toEqual(['new', 'now a file']);
    expect(existsSync(path.join(folder, 'b'))).toBe(false);
  });

  test('may be the whole bucket', async () => {
    await put('whodisk.yml', 'whole');
    expect(textIn(await folderOf(filesOf('')), 'whodisk.yml')).toBe('whole');
  });

  test('without anything, or with a name that leads out of the folder, is a problem, and nothing is fetched', async () => {
    const files = filesOf();
    expect(await files()).toEqual({ kind: 'problem', problem: expect.stringContaining('put whodisk.yml there') });
    await put('whodisk/whodisk.yml');
    await put('whodisk/../../../../../../tmp/whodisk-escaped');
    expect(await files()).toEqual({ kind: 'problem', problem: expect.stringContaining('no name of a file') });
    expect(asked).toEqual(['LIST', 'LIST']);
    expect(readdirSync(parent)).toEqual([]);
  });

  test('with more files than a configuration has is a problem', async () => {
    await Promise.all(Array.from({ length: MOST_FILES + 1 }, (_, n) => put(`whodisk/f${n}`)));
    expect(await filesOf()()).toEqual({ kind: 'problem', problem: expect.stringContaining('more than 200 files') });
  });

  test('that cannot be read is no problem of the configuration, says what to do, and is asked again', async () => {
    await put('whodisk/whodisk.yml');
    const files = filesOf();
    fault = () => ({ status: 403, code: 'AccessDenied' });
    expect(await files()).toEqual({ kind: 'unavailable', message: expect.stringContaining('s3:ListBucket') });
    fault = (url) => (url.includes('list-type') ? undefined : { status: 412, code: 'PreconditionFailed' });
    expect(await files()).toEqual({
      kind: 'unavailable',
      message: expect.stringContaining('changed while it was read'),
    });
    fault = () => undefined;
    expect(textIn(await folderOf(files), 'whodisk.yml')).toBe('whodisk/whodisk.yml');
  });

  test('in a bucket that is not there says so', async () => {
    bucket = 'whodisk-nowhere';
    expect(await filesOf()()).toEqual({
      kind: 'unavailable',
      message: 'There is no bucket whodisk-nowhere: see the parameter configBucket of the deployment.',
    });
  });
});

test.each([
  ['s3://my-bucket', { bucket: 'my-bucket', prefix: '' }],
  ['s3://my-bucket/', { bucket: 'my-bucket', prefix: '' }],
  ['s3://my-bucket/a', { bucket: 'my-bucket', prefix: 'a/' }],
  ['s3://my.bucket/a/b/', { bucket: 'my.bucket', prefix: 'a/b/' }],
  ['package', undefined],
  ['s3://B', undefined],
  ['https://my-bucket/', undefined],
])('%s is a place in S3, or none', (text, place) => {
  expect(s3PlaceOf(text)).toEqual(place);
});
