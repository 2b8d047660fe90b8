/** Calls a built function once, in a process of its own that reaches nobody. */
import { execFile } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';

/** Of every variable that any of them reads. */
const ENVIRONMENT = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
  WHODISK_TABLE: 'whodisk-test',
  WHODISK_PLAN_QUEUE_URL: 'http://127.0.0.1:1/plan',
  WHODISK_SHARD_QUEUE_URL: 'http://127.0.0.1:1/shard',
  WHODISK_FINISH_QUEUE_URL: 'http://127.0.0.1:1/finish',
  WHODISK_API_TOKEN_SECRET: 'token',
  WHODISK_REDELIVERY_SECONDS: '540',
};

/** @param file of the bundle  @returns what the handler answered */
export async function callBuilt(file: string, event: object): Promise<unknown> {
  const program = `const { handler } = await import(${JSON.stringify(pathToFileURL(file).href)});
    const context = { awsRequestId: 'test', functionName: 'test', getRemainingTimeInMillis: () => 9000 };
    const answer = await handler(${JSON.stringify(event)}, context);
    process.stdout.write(JSON.stringify(answer), () => process.exit());`;
  const args = ['--input-type=module', '-e', program];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: ENVIRONMENT,
    maxBuffer: 64 * 1024 * 1024,
  });
  return JSON.parse(stdout);
}
