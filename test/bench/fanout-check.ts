/** Whether a sweep of replaying hosts told the truth of each. Every function answers with what is wrong, nothing where all is right. */
import { isDeepStrictEqual } from 'node:util';
import { captureOf } from '../../runner/capture.ts';
import { type Host, type Report, reportSchema } from '../../runner/report.ts';
import { triage } from '../../runner/triage/triage.ts';
import type { ReplayingHost } from './fanout-site.ts';

/** Throws with the beginning of the text where it is no report. */
export function parseReport(text: string): Report {
  try {
    return reportSchema.parse(JSON.parse(text));
  } catch (error) {
    throw new Error(`no report: ${text.slice(0, 500)}`, { cause: error });
  }
}

/** Each host once, swept, with its own culprit and the figures that its answer gives when it is looked at alone; ranked; shared culprits found. */
export function wrongInReplay(report: Report, hosts: readonly ReplayingHost[]): string[] {
  const byName = new Map(report.hosts.map((host) => [host.host, host]));
  const wrong = hosts.flatMap((host) => wrongWithHost(byName.get(host.address), host));
  if (report.hosts.length !== hosts.length)
    wrong.push(`${report.hosts.length} hosts in the report, not ${hosts.length}`);
  return [...wrong, ...wrongOrder(report), ...wrongPatterns(report, hosts)];
}

function wrongWithHost(found: Host | undefined, { address, frames, expected }: ReplayingHost): string[] {
  if (found === undefined) return [`${address} is missing`];
  if (found.status !== 'swept')
    return [`${address} is ${found.status}: ${found.failure?.kind}: ${found.failure?.message}`];
  const alone = triage(captureOf(frames)?.samples ?? fail(`${address}: its answer has no greeting`));
  const wrong = found.verdict === 'saturated' ? [] : [`${address} is ${found.verdict}`];
  if (found.score !== alone.score) wrong.push(`${address} has the score ${found.score}, not ${alone.score}`);
  const [disk] = found.disks;
  const [culprit] = disk?.culprits ?? [];
  const named = {
    device: disk?.device,
    pid: culprit?.pid,
    command: culprit?.command,
    program: culprit?.program,
    unit: culprit?.unit,
    path: culprit?.files[0]?.path,
  };
  for (const [field, value] of Object.entries(expected)) {
    const got = named[field as keyof typeof named];
    if (got !== value) wrong.push(`${address}: ${field} is ${got}, not ${value}`);
  }
  // What was parsed beside a thousand others must be to the last figure what is parsed alone.
  if (!isDeepStrictEqual(found.disks, alone.disks)) wrong.push(`${address}: its disks are not its own`);
  return wrong;
}

function wrongOrder({ hosts }: Report): string[] {
  return hosts.flatMap(({ host, rank, score }, index) => {
    const before = hosts[index - 1];
    return rank === index + 1 && (before === undefined || before.score >= score) ? [] : [`${host} has rank ${rank}`];
  });
}

/** Hosts with the same program and file are one pattern, with nobody left out and no stranger in it. */
function wrongPatterns({ patterns }: Report, hosts: readonly ReplayingHost[]): string[] {
  const groups = new Map<string, string[]>();
  for (const { address, expected } of hosts) {
    groups.set(expected.unit, [...(groups.get(expected.unit) ?? []), address]);
  }
  const found = new Set(patterns.map((pattern) => pattern.hosts.toSorted().join()));
  return [...groups].flatMap(([unit, names]) =>
    names.length < 2 || found.has(names.toSorted().join())
      ? []
      : [`no pattern has the ${names.length} hosts of ${unit}`],
  );
}

/** The host with another run's nonce is refused, and the others do not suffer from it. */
export function wrongWithStale({ hosts }: Report, staleAddress: string): string[] {
  return hosts.flatMap(({ host, status, failure }) => {
    const said = failure === undefined ? status : `${status}, ${failure.phase}, ${failure.kind}`;
    const right = host === staleAddress ? 'not-swept, parse, bad-answer' : 'swept';
    return said === right ? [] : [`${host} is ${said}, not ${right}`];
  });
}

/** Each host was swept: whether this machine is busy is its own affair. */
export function wrongInGenuine({ hosts }: Report, addresses: readonly string[]): string[] {
  const wrong = hosts.filter(({ status }) => status !== 'swept');
  const lines = wrong.map(({ host, status, failure }) => `${host} is ${status}: ${failure?.kind}: ${failure?.message}`);
  return hosts.length === addresses.length ? lines : [...lines, `${hosts.length} hosts, not ${addresses.length}`];
}

/** Every host's answer came whole: its last line behind its name. */
export function wrongInClush(output: string, addresses: readonly string[]): string[] {
  const whole = new Set([...output.matchAll(/^(\S+): [0-9a-f]{32} end 0 complete$/gm)].map(([, address]) => address));
  return addresses.filter((address) => !whole.has(address)).map((address) => `clush has no whole answer of ${address}`);
}

function fail(message: string): never {
  throw new Error(message);
}
