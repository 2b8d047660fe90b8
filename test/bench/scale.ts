/**
 * A sweep of ten thousand hosts through the functions as they are deployed, while workers are killed, messages come twice and one shard
 * kills whoever takes it: `npm run bench:scale [-- HOSTS [WORKERS]]`, 10,000 hosts and as many workers at a time as there are CPUs, and one.
 *
 * The status is 1 where an answer is wrong, or where a partition key would get more writes than DynamoDB takes, over the sweep or while a
 * wave of hosts ends.
 */
import { availableParallelism, loadavg } from 'node:os';
import { makePackage } from '../cloud/make-package.ts';
import { folded } from '../cloud/scale-check.ts';
import { scaleRound } from '../cloud/scale-round.ts';
import { heatOf, MOST_UNITS_A_SECOND, scaleTable } from '../cloud/scale-table.ts';
import { howToGet, isPresent } from '../need-providers.ts';

const [hosts = 10_000, workersAtATime = availableParallelism() + 1] = process.argv.slice(2).map(Number);
if (!Number.isInteger(hosts) || hosts < 201 || hosts > 60_000 || !(workersAtATime >= 1)) {
  process.stderr.write('usage: bench:scale [HOSTS [WORKERS]], from 201 to 60000 hosts\n');
  process.exit(2);
}
if (!isPresent('unzip')) {
  process.stderr.write(`bench:scale needs unzip: ${howToGet(['unzip']).join('; ')}\n`);
  process.exit(2);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
/** Longer than the time limit of a worker, as it must be: what is shown to others while it is worked on is given up after three times. */
const VISIBILITY_SECONDS = 100;

// With it go all the processes that it has started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => process.exit(130));

const packaged = await makePackage();
try {
  const [load = 0] = loadavg();
  say(
    `${availableParallelism()} CPUs with a load of ${load.toFixed(1)}, Node ${process.version}; all hosts, DynamoDB and SQS are on them too.`,
  );
  const limitMs = 300_000 + hosts * 100;
  const result = await scaleRound({
    package: packaged,
    hosts,
    workersAtATime,
    visibilitySeconds: VISIBILITY_SECONDS,
    limitMs,
  });
  const heat = heatOf(result, hosts, packaged);
  say(scaleTable(result, hosts, heat));
  for (const wrong of folded(result.wrong)) say(`WRONG: ${wrong}`);
  if (result.wrong.length === 0)
    say(
      'Every host once in the ranking, with one finding and its own culprit; the sweep ended once; the poisoned shard is named, host by host.',
    );
  const hot = heat.keys.filter(
    ({ unitsASecond, burstUnitsASecond }) => Math.max(unitsASecond, burstUnitsASecond) > MOST_UNITS_A_SECOND,
  );
  for (const { key, unitsASecond, burstUnitsASecond, drainSeconds } of hot) {
    say(
      `TOO HOT: ${key} gets ${Math.round(unitsASecond)} write units a second, and ${Math.round(burstUnitsASecond)} while a wave ends, done in ${drainSeconds.toFixed(1)} s`,
    );
  }
  if (result.wrong.length > 0 || hot.length > 0) process.exitCode = 1;
} finally {
  packaged.remove();
}
