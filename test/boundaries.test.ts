import { readdirSync } from 'node:fs';

import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { lint, SETTINGS } from './lint-sources.ts';

const ROOT = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/** The file that imports and what it imports; `refused` are words of the message, absent where the import may pass. */
type Case = { file: string; imports: string; refused?: string };

const PURE = 'Pass what it needs in as an argument';
const CASES: Case[] = [
  { file: 'runner/proc/meminfo.ts', imports: './lines.ts' },
  { file: 'runner/proc/meminfo.ts', imports: '../triage/samples.ts' },
  { file: 'runner/proc/meminfo.ts', imports: 'zod' },
  { file: 'runner/proc/meminfo.ts', imports: 'node:fs', refused: PURE },
  { file: 'runner/proc/meminfo.ts', imports: 'fs', refused: PURE },
  { file: 'runner/proc/meminfo.ts', imports: 'picocolors', refused: PURE },
  { file: 'runner/proc/meminfo.ts', imports: '../report.ts', refused: PURE },
  { file: 'runner/proc/meminfo.ts', imports: '../bundle/frames.ts', refused: PURE },
  { file: 'runner/proc/meminfo.ts', imports: '../../functions/render/units.ts', refused: PURE },

  { file: 'runner/triage/rank.ts', imports: './finding.ts' },
  { file: 'runner/triage/rank.ts', imports: '../proc/meminfo.ts' },
  { file: 'runner/triage/rank.ts', imports: 'zod' },
  { file: 'runner/triage/rank.ts', imports: 'node:crypto', refused: PURE },
  { file: 'runner/triage/rank.ts', imports: 'ssh2', refused: PURE },
  { file: 'runner/triage/rank.ts', imports: '../ssh/target.ts', refused: PURE },
  { file: 'runner/triage/rank.ts', imports: '../../test/needs.ts', refused: PURE },

  { file: 'runner/captures/iostat.ts', imports: './quantity.ts' },
  { file: 'runner/captures/strace.ts', imports: '../proc/syscall.ts' },
  { file: 'runner/captures/read-captures.ts', imports: '../triage/triage.ts' },
  { file: 'runner/captures/read-captures.ts', imports: 'node:fs', refused: PURE },
  { file: 'runner/captures/read-captures.ts', imports: '../report.ts', refused: PURE },
  { file: 'runner/captures/read-captures.ts', imports: '../../functions/render/encode.ts', refused: PURE },
  { file: 'runner/triage/rank.ts', imports: '../captures/read-captures.ts', refused: PURE },

  { file: 'runner/bundle/frames.ts', imports: 'node:buffer' },
  { file: 'runner/bundle/frames.ts', imports: '../proc/meminfo.ts', refused: 'in a module of its own beside them' },
  { file: 'runner/bundle/script.ts', imports: '../triage/samples.ts', refused: 'in a module of its own beside them' },
  { file: 'runner/bundle/frames.ts', imports: '../ssh/session.ts', refused: 'in a module of its own beside them' },
  { file: 'runner/bundle/frames.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'runner/bundle/suspect.ts', imports: '../proc/meminfo.ts' },
  { file: 'runner/bundle/suspect.ts', imports: '../ssh/session.ts', refused: 'Join the two in runner/visit.ts' },
  { file: 'runner/bundle/suspect.ts', imports: '../../functions/cli/main.ts', refused: 'knows no way in' },

  { file: 'runner/ssh/connect.ts', imports: 'ssh2' },
  { file: 'runner/ssh/connect.ts', imports: 'node:net' },
  { file: 'runner/ssh/connect.ts', imports: '../transport.ts' },
  { file: 'runner/ssh/connect.ts', imports: '../bundle/frames.ts', refused: 'Join them in runner/visit.ts' },
  { file: 'runner/ssh/connect.ts', imports: '../proc/meminfo.ts', refused: 'Join them in runner/visit.ts' },
  { file: 'runner/ssh/connect.ts', imports: '../../functions/cli/options.ts', refused: 'knows no way in' },
  { file: 'runner/ssh/connect.ts', imports: '../../test/faults/server.ts', refused: 'Move what both need' },

  { file: 'runner/fleet/fanout.ts', imports: 'p-limit' },
  { file: 'runner/fleet/fanout.ts', imports: '../ssh/session.ts', refused: 'Pass the visit in as a function' },
  { file: 'runner/fleet/fanout.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'runner/fleet/select-hosts.ts', imports: '../ssh/target.ts' },
  { file: 'runner/fleet/select-hosts.ts', imports: '../bundle/frames.ts', refused: 'Pass the visit in as a function' },
  { file: 'runner/fleet/select-hosts.ts', imports: '../../functions/cli/options.ts', refused: 'knows no way in' },

  { file: 'runner/visit.ts', imports: './bundle/frames.ts' },
  { file: 'runner/visit.ts', imports: './triage/rank.ts' },
  { file: 'runner/visit.ts', imports: '../functions/render/units.ts', refused: 'knows no way in' },
  { file: 'runner/visit.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'runner/visit.ts', imports: '../test/needs.ts', refused: 'Move what both need' },

  { file: 'functions/cli/sweep.ts', imports: '../../runner/visit.ts' },
  { file: 'functions/cli/sweep.ts', imports: '../render/terminal.ts' },
  { file: 'functions/cli/sweep.ts', imports: 'commander' },
  { file: 'functions/cli/sweep.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'functions/cli/sweep.ts', imports: 'vitest', refused: 'Move what both need' },
  { file: 'functions/cli/main.ts', imports: 'ssh2', refused: 'Take a Transport' },

  { file: 'functions/render/plain.ts', imports: './units.ts' },
  { file: 'functions/render/plain.ts', imports: '../../runner/report.ts' },
  { file: 'functions/render/plain.ts', imports: '../../runner/triage/finding.ts' },
  { file: 'functions/render/plain.ts', imports: 'string-width' },
  { file: 'functions/render/plain.ts', imports: 'node:util', refused: PURE },
  { file: 'functions/render/plain.ts', imports: '../cli/sweep.ts', refused: PURE },
  { file: 'functions/render/plain.ts', imports: '../../runner/visit.ts', refused: PURE },

  { file: 'functions/state-folder.ts', imports: 'node:fs' },
  { file: 'functions/state-folder.ts', imports: './store/open.ts', refused: 'knows none of them' },
  { file: 'functions/config/read-config.ts', imports: '../../runner/fleet/inventory.ts' },
  { file: 'functions/config/read-config.ts', imports: 'yaml' },
  { file: 'functions/config/read-config.ts', imports: '../cli/suggest.ts', refused: 'reads whodisk.yml' },
  { file: 'functions/config/read-config.ts', imports: '../store/open.ts', refused: 'reads whodisk.yml' },
  { file: 'functions/config/read-config.ts', imports: '@aws-sdk/client-dynamodb', refused: 'in functions/store only' },

  { file: 'functions/store/open.ts', imports: '@aws-sdk/client-dynamodb' },
  { file: 'functions/store/open.ts', imports: 'dynalite/db/index.js' },
  { file: 'functions/store/open.ts', imports: '../../runner/report.ts' },
  { file: 'functions/store/open.ts', imports: '../cli/sweep.ts', refused: 'keys, conditions and expiry' },
  { file: 'functions/store/open.ts', imports: '../render/encode.ts', refused: 'keys, conditions and expiry' },
  { file: 'functions/store/open.ts', imports: '../../runner/ssh/target.ts', refused: 'keys, conditions and expiry' },
  { file: 'functions/store/open.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'functions/cli/sweep.ts', imports: '../store/open.ts' },
  { file: 'functions/cli/sweep.ts', imports: '@aws-sdk/client-dynamodb', refused: 'in functions/store only' },
  { file: 'functions/render/plain.ts', imports: '../store/open.ts', refused: PURE },
  { file: 'runner/visit.ts', imports: '@aws-sdk/client-dynamodb', refused: 'in functions/store only' },
  { file: 'runner/ssh/connect.ts', imports: 'dynalite/db/index.js', refused: 'in functions/store only' },

  { file: 'functions/api/app.ts', imports: '@hono/zod-openapi' },
  { file: 'functions/api/app.ts', imports: '../sweep/service.ts' },
  { file: 'functions/api/app.ts', imports: '../chat/app.ts', refused: 'never imports another' },
  { file: 'functions/api/app.ts', imports: '../cli/say.ts', refused: 'never imports another' },
  { file: 'functions/chat/app.ts', imports: '../render/slack-sweep.ts' },
  { file: 'functions/chat/app.ts', imports: '../api/problem.ts', refused: 'never imports another' },
  { file: 'functions/page/app.ts', imports: 'hono/cookie' },
  { file: 'functions/page/app.ts', imports: '../render/chain.ts' },
  { file: 'functions/page/layout.tsx', imports: '../api/problem.ts', refused: 'never imports another' },
  { file: 'functions/api/app.ts', imports: '../page/app.ts', refused: 'never imports another' },
  { file: 'functions/schedule/run.ts', imports: '../sweep/service.ts' },
  { file: 'functions/schedule/run.ts', imports: 'hono', refused: 'never imports another' },
  { file: 'functions/alerts/handle.ts', imports: '../config/service-config.ts' },
  { file: 'functions/alerts/handle.ts', imports: '../api/app.ts', refused: 'never imports another' },
  { file: 'functions/cli/sweep.ts', imports: '../serve/serve.ts' },
  { file: 'functions/cli/sweep.ts', imports: '../api/app.ts', refused: 'never imports another' },
  { file: 'functions/sweep/worker.ts', imports: '../../runner/visit.ts' },
  { file: 'functions/sweep/worker.ts', imports: '../store/store.ts' },
  { file: 'functions/sweep/worker.ts', imports: '../tell/post.ts', refused: 'whoever asks and whoever is told' },
  { file: 'functions/sweep/worker.ts', imports: '../cli/sweep.ts', refused: 'whoever asks and whoever is told' },
  { file: 'functions/sweep/worker.ts', imports: '@aws-sdk/client-dynamodb', refused: 'in functions/store only' },
  { file: 'functions/tell/post.ts', imports: 'node:https' },
  { file: 'functions/tell/post.ts', imports: '../chat/app.ts', refused: 'knows no way in' },
  { file: 'functions/auth/tokens.ts', imports: '../store/store.ts' },
  { file: 'functions/auth/tokens.ts', imports: 'hono', refused: 'tokens and no way in' },
  { file: 'functions/serve/serve.ts', imports: '../api/app.ts' },
  { file: 'functions/serve/serve.ts', imports: '../cli/main.ts', refused: 'the command line starts it' },
  { file: 'functions/cloud/sqs-queue.ts', imports: '@aws-sdk/client-sqs' },
  { file: 'functions/cloud/edge.ts', imports: '../store/open-cloud.ts' },
  { file: 'functions/cloud/edge.ts', imports: '@aws-sdk/client-dynamodb', refused: 'in functions/store only' },
  { file: 'functions/cloud/edge.ts', imports: '../chat/app.ts', refused: 'what AWS is to us' },
  { file: 'functions/cloud/edge.ts', imports: '../lambda/environment.ts', refused: 'what AWS is to us' },
  { file: 'functions/cloud/edge.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'functions/lambda/api.ts', imports: '../api/app.ts' },
  { file: 'functions/lambda/api.ts', imports: '../cloud/edge.ts' },
  { file: 'functions/lambda/api.ts', imports: '@aws-sdk/client-sqs', refused: 'only wire' },
  { file: 'functions/lambda/api.ts', imports: '../serve/join-ways.ts', refused: 'not on one machine' },
  { file: 'functions/sweep/worker.ts', imports: '../cloud/sqs-queue.ts', refused: 'whoever asks and whoever is told' },
  { file: 'functions/demo/demo-fleet.ts', imports: '../../runner/ssh/loopback-hosts.ts' },
  { file: 'functions/demo/demo-fleet.ts', imports: '../serve/serve.ts', refused: 'knows nothing of who sweeps' },
  { file: 'functions/demo/demo-fleet.ts', imports: '../cli/sweep.ts', refused: 'knows nothing of who sweeps' },
  { file: 'functions/demo/demo-fleet.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'functions/cli/demo-command.ts', imports: '../demo/demo-fleet.ts' },
  { file: 'functions/store/open.ts', imports: '../sweep/job.ts', refused: 'keys, conditions and expiry' },
  { file: 'functions/render/slack-sweep.ts', imports: '@slack/types' },

  // A folder without an override of its own still has these.
  { file: 'functions/elsewhere/thing.ts', imports: '../../runner/visit.ts' },
  { file: 'functions/elsewhere/thing.ts', imports: 'ssh2', refused: 'Take a Transport' },
  { file: 'functions/elsewhere/thing.ts', imports: '../../dist/main.mjs', refused: 'Import the source file instead' },

  // Tests are free, whatever they lie beside, but built output is not what is to be tested.
  { file: 'runner/proc/meminfo.test.ts', imports: 'node:fs' },
  { file: 'runner/proc/meminfo.test.ts', imports: '../../test/needs.ts' },
  { file: 'runner/triage/rank.test.ts', imports: '../../functions/cli/sweep.ts' },
  { file: 'test/faults/server.ts', imports: 'ssh2' },
  { file: 'test/real/sweep.test.ts', imports: '../../dist/main.mjs', refused: 'Import the source file instead' },
];

/** Other ways to write an import: each must be refused as the plain one is. */
const WAYS = [
  "import type { A } from '../fleet/fanout.ts';",
  "export { a } from '../fleet/fanout.ts';",
  "import '../fleet/fanout.ts';",
  "export const a = await import('../fleet/fanout.ts');",
  "import { a } from '../fleet/fanout.ts';",
  "import { a } from '../fleet/fanout.ts';",
];

const BAN_PROBE = { noRestrictedImports: { level: 'error', options: { paths: { probe: 'probe' } } } };

describe('imports', () => {
  it('pass where they may, and are refused, with what to do instead, where they may not', () => {
    const files = [...new Set(CASES.map(({ file }) => file))];
    const casesOf = (file: string): Case[] => CASES.filter((one) => one.file === file);
    const found = lint(
      Object.fromEntries(
        files.map((file) => [file, casesOf(file).map(({ imports }) => `import * as it from '${imports}';`)]),
      ),
    );
    const wrong = files.flatMap((file) =>
      casesOf(file).flatMap(({ imports, refused }, index) => {
        const said = found
          .filter((one) => one.rule === 'noRestrictedImports' && one.file === file && one.line === index + 1)
          .map(({ message }) => message);
        const asWanted = refused === undefined ? said.length === 0 : said.some((message) => message.includes(refused));
        return asWanted ? [] : [{ file, imports, wanted: refused ?? 'nothing', said }];
      }),
    );
    expect(wrong).toEqual([]);
  });

  it('are recognised however they are written', () => {
    const found = lint({ 'runner/proc/meminfo.ts': WAYS });
    const lines = found.filter(({ rule }) => rule === 'noRestrictedImports').map(({ line }) => line);
    expect(lines).toEqual(WAYS.map((_, index) => index + 1));
  });

  it('have one override for each source file, since a second one silently replaces the first', () => {
    const files = Object.fromEntries(sourceFiles().map((file) => [file, ["import 'probe';"]]));
    const overridesOf = new Map(Object.keys(files).map((file): [string, string[]] => [file, []]));
    for (const { includes } of overridesOfProduction()) {
      const alone = {
        linter: { rules: { preset: 'none' } },
        overrides: [{ includes, linter: { rules: { style: BAN_PROBE } } }],
      };
      for (const { file } of lint(files, alone)) overridesOf.get(file)?.push(includes.join());
    }
    expect([...overridesOf].filter(([, overrides]) => overrides.length !== 1)).toEqual([]);
    // It lints every source file once for each override.
  }, 60_000);
});

/** The production modules of the project, relative to its root. */
function sourceFiles(): string[] {
  return ['runner', 'functions'].flatMap((top) =>
    readdirSync(path.join(ROOT, top), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !/\.test\.tsx?$/.test(name))
      .map((name) => path.join(top, name)),
  );
}

/** The overrides with import rules, apart from the one that sets tests free. */
function overridesOfProduction() {
  return SETTINGS.overrides.filter(
    ({ includes, linter }) =>
      linter.rules.style?.['noRestrictedImports'] !== undefined && !includes.includes('**/*.test.ts'),
  );
}
