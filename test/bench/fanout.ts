/**
 * What a sweep of many hosts costs the machine that it starts from, beside ClusterShell in the same run:
 * `npm run bench:fanout [-- HOSTS ...]`, 300 and 1,000 where no number is given. Needs root.
 *
 * The status is 1 where an answer is wrong. A figure that is not reached is said, and is no failure.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import { howToGet, isPresent, type Need } from '../need-providers.ts';
import { SSHD_NEEDS } from '../real/sshd.ts';
import { parseReport, wrongInClush, wrongInGenuine, wrongInReplay, wrongWithStale } from './fanout-check.ts';
import { type Bench, type ClientRun, explain, hasStore, runClush, runWhodisk, type Visit } from './fanout-clients.ts';
import { compile } from './fanout-measure.ts';
import { openSite, type ReplayingHost, type Site, serverCpuMs, writeKnownHosts } from './fanout-site.ts';
import { LEGEND, type Row, tableOf } from './fanout-table.ts';

const WINDOW_SECONDS = 5;
const DEFAULT_FORKS = 256;
const GENUINE_HOSTS = 50;
const NEEDS: Need[] = [...SSHD_NEEDS, 'passwd', 'clustershell', 'gcc', 'libc6-dev'];
/** Above this others work on the machine too. */
const MOST_LOAD = 0.5;
/** Of a thousand wrong answers that have one cause. */
const MOST_COMPLAINTS = 10;

const counts = (process.argv.length > 2 ? process.argv.slice(2) : ['300', '1000']).map(Number);
if (counts.some((count) => !Number.isInteger(count) || count < 1 || count > 60_000)) {
  process.stderr.write('usage: bench:fanout [HOSTS ...], each from 1 to 60000\n');
  process.exit(2);
}
const missing = NEEDS.filter((need) => !isPresent(need));
if (missing.length > 0) {
  process.stderr.write(`bench:fanout needs ${missing.join(', ')}: ${howToGet(missing).join('; ')}\n`);
  process.exit(2);
}

const say = (text: string) => process.stdout.write(`${text}\n`);
const read = (file: string): string => readFileSync(file, 'utf8');

let isWrong = false;

function complain(what: string, wrong: readonly string[]): void {
  if (wrong.length === 0) return;
  isWrong = true;
  const more = wrong.length > MOST_COMPLAINTS ? [`and ${wrong.length - MOST_COMPLAINTS} more`] : [];
  say(`WRONG: ${what}:\n  ${[...wrong.slice(0, MOST_COMPLAINTS), ...more].join('\n  ')}`);
}

/** What is wrong with a run that should have ended with this status; its output is only looked at where there can be one. */
function wrongIn(run: ClientRun, right: number, look: (output: string) => string[]): string[] {
  const status =
    run.status === right ? [] : [`exit status ${run.status}, not ${right}: ${run.stderr.trim().slice(-2000)}`];
  const output = read(run.output);
  return output === '' ? [...status, 'it printed nothing'] : [...status, ...look(output)];
}

/** One number of hosts: whodisk and clush in turn at the same widths. */
async function compare(bench: Bench, hosts: number, keeps: boolean): Promise<void> {
  const { site } = bench;
  const dialled = site.hosts.slice(0, hosts);
  const addresses = dialled.map(({ address }) => address);
  const knownHosts = writeKnownHosts(site, site.replaying, addresses);
  const rows: Row[] = [];
  for (const forks of new Set([hosts, Math.min(hosts, DEFAULT_FORKS)])) {
    const visit = { sshd: site.replaying, addresses, knownHosts, forks, windowSeconds: WINDOW_SECONDS };
    const timed = async (
      row: Omit<Row, 'run' | 'serverCpuMs' | 'hosts' | 'forks'>,
      client: () => Promise<ClientRun>,
    ) => {
      const before = serverCpuMs(site.replaying);
      const run = await client();
      rows.push({ ...row, hosts, forks, run, serverCpuMs: serverCpuMs(site.replaying) - before });
      return run;
    };
    for (const stored of keeps ? [false, true] : [false]) {
      const store = keeps && !stored ? 'none' : undefined;
      const run = await timed({ client: 'whodisk', stored }, () => runWhodisk(bench, visit, store));
      const wrong = wrongIn(run, 0, (output) => wrongInReplay(parseReport(output), dialled));
      const kept = stored && wrong.length === 0 ? await wrongInStore(bench, run, dialled) : [];
      complain(`whodisk, ${hosts} hosts, ${forks} at a time${stored ? ', stored' : ''}`, [...wrong, ...kept]);
    }
    for (const kex of hosts === counts[0] && forks === hosts ? (['ours', 'default'] as const) : (['ours'] as const)) {
      const client = kex === 'ours' ? 'clush' : 'clush, default kex';
      const run = await timed({ client, stored: false }, () => runClush(bench, visit, kex));
      complain(
        `${client}, ${hosts} hosts, ${forks} at a time`,
        wrongIn(run, 0, (output) => wrongInClush(output, addresses)),
      );
    }
  }
  say(`\n${hosts} hosts\n${tableOf(rows)}`);
}

/** That it was kept shows in what is said later: of the first and the last host. */
async function wrongInStore(bench: Bench, sweep: ClientRun, hosts: readonly ReplayingHost[]): Promise<string[]> {
  const wrong: string[] = [];
  for (const { address, expected } of [hosts.at(0), hosts.at(-1)].filter((host) => host !== undefined)) {
    const run = await explain(bench, sweep, address);
    const saysIt = (output: string) =>
      output.includes(String(expected.pid)) && output.includes(expected.path) ? [] : [output.slice(0, 500)];
    wrong.push(...wrongIn(run, 0, saysIt).map((what) => `explain ${address}: ${what}`));
  }
  return wrong;
}

async function refuseStale(bench: Bench, keeps: boolean): Promise<void> {
  const { site } = bench;
  const addresses = [site.staleAddress, ...site.hosts.slice(0, 2).map(({ address }) => address)];
  const visit: Visit = {
    sshd: site.replaying,
    addresses,
    knownHosts: writeKnownHosts(site, site.replaying, addresses),
    forks: DEFAULT_FORKS,
    windowSeconds: 1,
  };
  const run = await runWhodisk(bench, visit, keeps ? 'none' : undefined);
  const wrong = wrongIn(run, 3, (output) => wrongWithStale(parseReport(output), site.staleAddress));
  complain("an answer with another run's nonce", wrong);
  if (wrong.length === 0)
    say("\nAn answer with another run's nonce is refused as bad-answer; the hosts beside it are swept.");
}

async function sweepGenuine(bench: Bench, keeps: boolean): Promise<void> {
  const { site } = bench;
  const addresses = site.genuineAddresses;
  const visit: Visit = {
    sshd: site.genuine,
    addresses,
    knownHosts: writeKnownHosts(site, site.genuine, addresses),
    forks: DEFAULT_FORKS,
    windowSeconds: WINDOW_SECONDS,
  };
  const run = await runWhodisk(bench, visit, keeps ? 'none' : undefined);
  const wrong = wrongIn(run, 0, (output) => wrongInGenuine(parseReport(output), addresses));
  complain(`the bundle itself on ${addresses.length} hosts`, wrong);
  if (wrong.length > 0) return;
  const report = parseReport(read(run.output));
  const bytes = report.hosts.map(({ cost }) => cost.bytesReceived);
  const cpu = report.hosts.map(({ cost }) => cost.hostCpuMs ?? 0).sort((a, b) => a - b);
  say(
    `The bundle itself on ${addresses.length} hosts: ${report.sweep.swept} swept in ${(run.wallMs / 1000).toFixed(1)} s, up to ${kilobytes(Math.max(...bytes))} each, ${cpu[cpu.length >> 1]} ms of CPU on the host (median; all of them are this machine).`,
  );
}

const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`;

function describe({ replaying, hosts }: Site): void {
  const sizes = hosts.map(({ answer }) => answer.length);
  const sshVersion = execFileSync('sh', ['-c', 'ssh -V 2>&1'], { encoding: 'utf8' }).split(',')[0];
  const [load = 0] = loadavg();
  say(
    `${availableParallelism()} CPUs with a load of ${load.toFixed(1)}${load > MOST_LOAD ? ' (NOT IDLE: every figure below is too high)' : ''}, Node ${process.version}, ${sshVersion} on 0.0.0.0:${replaying.port} (sshd cannot listen on a /8; it lets in 127.0.0.0/8 only).
Each host waits for ${WINDOW_SECONDS} s and replays an answer of its own, ${kilobytes(Math.min(...sizes))} to ${kilobytes(Math.max(...sizes))}.\n${LEGEND}`,
  );
}

const interrupt = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => interrupt.abort());

const most = Math.max(...counts);
const site = await openSite(most, Math.min(most, GENUINE_HOSTS));
try {
  const bench = { site, measurer: compile('fanout-measure.c', site.folder), signal: interrupt.signal };
  describe(site);
  const keeps = await hasStore(bench, read);
  if (!keeps) say('This whodisk has no store: nothing is kept.');
  for (const hosts of counts) await compare(bench, hosts, keeps);
  await refuseStale(bench, keeps);
  await sweepGenuine(bench, keeps);
} catch (error) {
  if (!interrupt.signal.aborted) throw error;
  process.exitCode = 130;
} finally {
  await site.stop();
}
if (isWrong) process.exitCode = 1;
