// npm run deploy -- --stage STAGE --config whodisk.yml --param vpcId=… --param subnetIds=…: builds the functions, packages them, and deploys
// them to AWS. npm run package does all but the last, with no account and no network. Everything but --config is osls's own.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildLambdas } from './build-lambdas.js';
import { deployProblems, readDeployArguments, USAGE } from './deploy-arguments.js';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const { command, config, rest } = readDeployArguments(process.argv.slice(2));

if (rest.includes('--help') || rest.includes('-h')) {
  process.stdout.write(USAGE);
  process.exit(0);
}
const problems = deployProblems(command, rest, readFileSync(path.join(root, 'serverless.yml'), 'utf8'));
if (problems.length > 0) {
  for (const problem of problems) process.stderr.write(`whodisk: ${problem}\n`);
  process.exit(2);
}
const build = path.join(root, 'build');
rmSync(build, { recursive: true, force: true });
run(path.join(root, 'scripts', 'run-ts.js'), [
  path.join(root, 'infra', 'package-config.ts'),
  build,
  // npm starts this in the checkout, wherever it was called.
  ...(config === undefined ? [] : [path.resolve(process.env.INIT_CWD ?? '', config)]),
]);
if (!(await buildLambdas(root))) process.exit(1);
rmSync(path.join(root, '.serverless'), { recursive: true, force: true });
run(createRequire(import.meta.url).resolve('serverless/bin/serverless.js'), [command, ...rest]);

function run(script, args) {
  const { status } = spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
