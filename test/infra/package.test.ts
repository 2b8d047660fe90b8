import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { apiSite } from '../api/api-site.ts';
import { httpEvent } from '../cloud/http-event.ts';
import { callBuilt } from './call-built.ts';
import { type Packed, pack } from './pack.ts';
import { PACKAGES } from './packages.ts';

const ROOT = path.resolve(import.meta.dirname, '..', '..');
const FLEET = path.join(ROOT, 'test', 'fixtures', 'infra', 'fleet', 'whodisk.yml');
const NAMES = Object.keys(PACKAGES);

vi.setConfig({ hookTimeout: 240_000, testTimeout: 60_000 });

let scratch: string;
let packed: Packed;
let again: Packed;
beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'whodisk-infra-'));
  packed = await pack(path.join(scratch, 'one'), ['--config', FLEET]);
  again = await pack(path.join(scratch, 'another-place'), ['--config', FLEET]);
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

describe('npm run package', () => {
  test('makes the same bytes from the same sources, wherever they lie', () => {
    const zips = readdirSync(packed.folder).filter((name) => name.endsWith('.zip'));
    expect(zips.sort()).toEqual(NAMES.map((name) => `${name}.zip`).sort());
    for (const zip of zips) {
      const [one, other] = [packed, again].map(({ folder }) => readFileSync(path.join(folder, zip)));
      expect(one?.equals(other ?? Buffer.alloc(0)), zip).toBe(true);
    }
    expect(again.template).toEqual(packed.template);
  });

  test('puts into a function its bundle and what that reads beside itself', () => {
    const beside: Record<string, string[]> = {
      worker: ['bundle.sh'],
      // Who begins or ends a sweep records the hash of what is run on its hosts.
      ...Object.fromEntries(['chat', 'schedule', 'finish', 'watchdog'].map((name) => [name, ['bundle.sh']])),
      api: ['bundle.sh', 'examples.json', 'page.css'],
      config: ['config/inventories/web.ini', 'config/known_hosts', 'config/whodisk.yml'],
    };
    for (const name of NAMES) {
      const files = ['index.mjs', ...(beside[name] ?? [])].map((file) => `build/lambda/${name}/${file}`);
      expect(namesInZip(path.join(packed.folder, `${name}.zip`)).sort(), name).toEqual(files.sort());
    }
  });

  test.each(NAMES)('%s holds the packages that it needs, and no other', (name) => {
    const [output] = Object.values(packed.metafileOf(name).outputs);
    const held = Object.entries(output?.inputs ?? {}).flatMap(([file, { bytesInOutput }]) =>
      bytesInOutput === 0 ? [] : (/.*node_modules\/((?:@[^/]+\/)?[^/]+)/u.exec(file)?.[1] ?? []),
    );
    expect([...new Set(held)].sort()).toEqual([...(PACKAGES[name] ?? [])].sort());
    // Nothing is looked for beside the bundle but what Node has, and native parts that ssh2 does without.
    const outside = (output?.imports ?? []).map((each) => each.path).filter((each) => !isOfNode(each));
    expect(outside.filter((each) => each !== 'cpu-features' && !each.endsWith('.node'))).toEqual([]);
  });

  test('leaves nothing out that the API needs to describe itself', async () => {
    const site = await apiSite({ alerts: async () => ({ kind: 'malformed', errors: [] }) });
    const wanted = (await (await site.ask('/openapi.json', { scope: null })).json()) as { info: object };
    await site.end();
    const answer = (await callBuilt(packed.builtOf('api'), httpEvent('/openapi.json'))) as { body: string };
    const document = JSON.parse(answer.body) as { info: object };
    expect({ ...document, info: {}, servers: [] }).toEqual({ ...wanted, info: {}, servers: [] });
  });

  test('has in the API a page to sign in on, with its style', async () => {
    const ask = (path: string): Promise<unknown> => callBuilt(packed.builtOf('api'), httpEvent(path));
    const page = (await ask('/sign-in')) as { statusCode: number; body: string };
    expect(page).toMatchObject({ statusCode: 200, body: expect.stringContaining('<h1>Sign in</h1>') });
    const style = /href="\.(\/page-\w+\.css)"/.exec(page.body)?.[1] ?? '';
    const css = readFileSync(path.join(ROOT, 'functions', 'page', 'page.css'), 'utf8');
    expect(await ask(style)).toMatchObject({ statusCode: 200, body: css });
  });

  test('says which whodisk.yml cannot be packaged, and why', async () => {
    const bad = path.join(scratch, 'bad.yml');
    writeFileSync(
      bad,
      'inventories: [../hosts.ini]\nschedules: {late: {cron: "0 3 LW * *", targets: ["@all"], tell: []}}\n',
    );
    await expect(pack(path.join(scratch, 'one'), ['--config', bad])).rejects.toThrow(
      /bad\.yml: schedules\.late\.cron: it wants the last working day/u,
    );
    writeFileSync(bad, 'inventories: [../hosts.ini]\n');
    await expect(pack(path.join(scratch, 'one'), ['--config', bad])).rejects.toThrow(
      /hosts\.ini does not lie beside it/u,
    );
    writeFileSync(bad, `# ${'x'.repeat(2 ** 20)}\n`);
    await expect(pack(path.join(scratch, 'one'), ['--config', bad])).rejects.toThrow(
      /bad\.yml: it has more than 1 MiB: put hosts into inventories/u,
    );
  });
});

describe('npm run deploy', () => {
  test.each([
    [[], ['vpcId', 'subnetIds']],
    [['--param', 'vpcId=vpc-1', '--param=subnetIds=subnet-1', '--param', 'createEndpoints=true'], ['routeTableIds']],
  ])('asks for what it cannot do without: %j', (words, missing) => {
    const { status, stderr } = deploy('deploy', ...words);
    expect(status).toBe(2);
    expect([...stderr.matchAll(/give --param (\w+)=/gu)].map(([, name]) => name)).toEqual(missing);
  });

  test.each(['package', 'deploy'])('refuses to %s with a parameter that is misspelt', (command) => {
    const { status, stderr } = deploy(command, '--param', 'workerConcurency=5', '--param', 'workerMemory=2048');
    expect(status).toBe(2);
    expect([...stderr.matchAll(/no parameter (\w+)/gu)].map(([, name]) => name)).toEqual(['workerConcurency']);
  });

  test('says what it takes, and does nothing', () => {
    const { status, stdout, stderr } = deploy('deploy', '--help');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('--config FILE');
  });
});

test('a message waits six times the time of a worker, whatever that is made', async () => {
  const { readDeployArguments } = await import(pathToFileURL(path.join(ROOT, 'scripts', 'deploy-arguments.js')).href);
  const read = (...words: string[]): unknown => readDeployArguments(['package', ...words]);
  const words = ['--param', 'workerTimeoutSeconds=120'];
  expect(read(...words)).toMatchObject({ rest: [...words, '--param', 'workerRedeliverySeconds=720'] });
  expect(read('--config=a.yml', '--stage', 'x')).toEqual({
    command: 'package',
    config: 'a.yml',
    rest: ['--stage', 'x'],
  });
});

describe('the template', () => {
  test('is the one that was looked at', async () => {
    const text = `${JSON.stringify(packed.template, null, 2)}\n`;
    await expect(text).toMatchFileSnapshot('../fixtures/infra/template.json');
  });
});

const isOfNode = (name: string): boolean => name.startsWith('node:') || builtinModules.includes(name);

const deploy = (...words: string[]) =>
  spawnSync(process.execPath, [path.join(ROOT, 'scripts', 'deploy.js'), ...words], { encoding: 'utf8' });

/** From its central directory (APPNOTE.TXT, 4.3.12). */
function namesInZip(file: string): string[] {
  const bytes = readFileSync(file);
  const names: string[] = [];
  for (let at = bytes.indexOf('PK\x01\x02'); at >= 0; at = bytes.indexOf('PK\x01\x02', at + 46)) {
    names.push(bytes.toString('utf8', at + 46, at + 46 + bytes.readUInt16LE(at + 28)));
  }
  return names;
}
