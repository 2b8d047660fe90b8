/**
 * Names to addresses. getaddrinfo runs two look-ups at a time here (libuv's pool), so that a thousand names take minutes where
 * one name server is slow; c-ares asks in parallel. /etc/hosts comes first, and getaddrinfo is still asked, in a process of its
 * own, for what only it knows: mDNS, LDAP, systemd and whatever else nsswitch.conf names.
 */
import { lookup, Resolver } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import pLimit from 'p-limit';
import type { Failure } from '../report.ts';
import { askGetent } from './getent.ts';

export type Resolved = { readonly addresses: readonly string[] } | { readonly failure: Failure };
/** 4 or 6: only addresses of this family count (ssh_config(5) AddressFamily). */
type Family = 4 | 6;
/** Never rejects. `host` is a name in lower case or an address. IPv4 addresses come first. */
export type Resolve = (host: string, family?: Family) => Promise<Resolved>;

export interface ResolverOptions {
  readonly limitMs?: number;
  /** 'address:port' of the name servers; default: those of resolv.conf(5). */
  readonly servers?: readonly string[];
  readonly hostsFile?: string;
  readonly resolvConf?: string;
  /** The program that asks getaddrinfo, only for tests to change. */
  readonly getent?: string;
}

const LIMIT_MS = 5000;
/** Each look-up in flight holds two sockets, or a process. */
const MAX_IN_FLIGHT = 64;
const MAX_ADDRESSES = 4;

/** Reads /etc/hosts and resolv.conf once; the function that it answers serves a whole sweep. */
export async function createResolver(options: ResolverOptions = {}): Promise<Resolve> {
  const hosts = parseHosts(await readOr(options.hostsFile ?? '/etc/hosts'));
  const search = parseSearch(await readOr(options.resolvConf ?? '/etc/resolv.conf'));
  const limitMs = options.limitMs ?? LIMIT_MS;
  const inTurn = pLimit(MAX_IN_FLIGHT);

  return async (host, family) => {
    const known = isIP(host) !== 0 ? [host] : (hosts.get(host) ?? loopbackOf(host));
    const usable = known && addressesOf(known, family);
    if (usable !== undefined && usable.length > 0) return { addresses: usable };
    if (usable !== undefined && isIP(host) !== 0) return { failure: nameNotFound(host, family) };
    // What /etc/hosts knows in the other family only, a name server may know in this one.
    return inTurn(() => askWithin({ host, family, search, getent: options.getent }, limitMs, options.servers));
  };
}

/** RFC 6761 section 6.3: localhost is this machine, whatever a name server says. */
function loopbackOf(host: string): string[] | undefined {
  return host === 'localhost' || host.endsWith('.localhost') ? ['127.0.0.1', '::1'] : undefined;
}

interface Question {
  readonly host: string;
  readonly family: Family | undefined;
  readonly search: Search;
  readonly getent: string | undefined;
}

async function askWithin(
  question: Question,
  limitMs: number,
  servers: readonly string[] | undefined,
): Promise<Resolved> {
  const { host, family } = question;
  const resolver = new Resolver({ timeout: Math.max(500, Math.floor(limitMs / 2)), tries: 2 });
  if (servers !== undefined) resolver.setServers(servers);
  const late = new AbortController();
  const limit = new Promise<Answer>((resolve) => late.signal.addEventListener('abort', () => resolve('timeout')));
  const timer = setTimeout(() => late.abort(), limitMs);
  const answer = await Promise.race([limit, ask(question, resolver, late.signal)]);
  clearTimeout(timer);
  resolver.cancel();
  if (answer === 'timeout') {
    const message = `No name server told the address of ${host} within ${limitMs / 1000} s: check /etc/resolv.conf, or give the address itself.`;
    return { failure: { phase: 'resolve', kind: 'resolver-timeout', message } };
  }
  return answer.length === 0 ? { failure: nameNotFound(host, family) } : { addresses: answer };
}

function nameNotFound(host: string, family: Family | undefined): Failure {
  const message =
    family === undefined
      ? `${host} has no address: check the spelling, or give the address itself.`
      : `${host} has no IPv${family} address, and AddressFamily asks for one: check the spelling and that setting.`;
  return { phase: 'resolve', kind: 'name-not-found', message };
}

type Answer = string[] | 'timeout';

async function ask(question: Question, resolver: Resolver, late: AbortSignal): Promise<Answer> {
  const { host, family, search } = question;
  let timedOut = false;
  let isServerInTrouble = false;
  // RFC 6762: names below .local belong to mDNS, which c-ares does not speak.
  const candidates = host.endsWith('.local') ? [] : candidatesFor(host, search);
  for (const name of candidates) {
    const answers = await Promise.allSettled([
      ...(family === 6 ? [] : [resolver.resolve4(name)]),
      ...(family === 4 ? [] : [resolver.resolve6(name)]),
    ]);
    const addresses = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (addresses.length > 0) return addressesOf(addresses, family);
    const codes = answers.flatMap((answer) => (answer.status === 'rejected' ? [codeOf(answer.reason)] : []));
    timedOut ||= codes.includes('ETIMEOUT');
    isServerInTrouble ||= codes.some((code) => !SAYS_NO.has(code));
  }
  // getaddrinfo would wait for the same silent server.
  if (timedOut) return 'timeout';
  const known = await askGetent(host, late, question.getent);
  if (known === 'no-getent') return askGetaddrinfo(host, family);
  // Its status does not tell a name that is not there from a server that could not be asked (EAI_AGAIN).
  return known.length === 0 && isServerInTrouble ? 'timeout' : addressesOf(known, family);
}

/** A name server that says so knows that there is no such name, or no such address of it. */
const SAYS_NO = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME']);

/** Where there is no getent (macOS), on one of the few threads. */
async function askGetaddrinfo(host: string, family: Family | undefined): Promise<Answer> {
  try {
    const found = await lookup(host, { all: true });
    return addressesOf(
      found.map(({ address }) => address),
      family,
    );
  } catch (error) {
    return codeOf(error) === 'EAI_AGAIN' ? 'timeout' : [];
  }
}

interface Search {
  readonly domains: readonly string[];
  readonly ndots: number;
}

/** resolv.conf(5): a name with fewer dots than ndots is tried below the search domains first. */
function candidatesFor(host: string, { domains, ndots }: Search): string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const below = domains.map((domain) => `${host}.${domain}`);
  const dots = host.split('.').length - 1;
  return dots >= ndots ? [host, ...below] : [...below, host];
}

/** resolv.conf(5): the last `search` or `domain` wins; six domains and 15 dots at most, as in glibc. */
export function parseSearch(text: string): Search {
  let domains: string[] = [];
  let ndots = 1;
  for (const line of text.split('\n')) {
    const [keyword, ...words] = line.trim().split(/\s+/);
    if (keyword === 'search') domains = words.slice(0, 6);
    else if (keyword === 'domain') domains = words.slice(0, 1);
    else if (keyword === 'options') {
      const given = words.map((word) => /^ndots:(\d{1,3})$/.exec(word)?.[1]).find((found) => found !== undefined);
      if (given !== undefined) ndots = Math.min(15, Number(given));
    }
  }
  return {
    domains: domains.map((domain) => domain.replace(/^\.+|\.+$/g, '')).filter((domain) => domain !== ''),
    ndots,
  };
}

/** hosts(5): an address, then its names; a name may stand in several lines. */
export function parseHosts(text: string): ReadonlyMap<string, readonly string[]> {
  const byName = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/);
    if (address === undefined || isIP(address) === 0) continue;
    for (const name of names.map((each) => each.toLowerCase())) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [address]);
      else if (!known.includes(address)) known.push(address);
    }
  }
  return byName;
}

/** Each once, IPv4 first, those of the family alone where one is asked for. */
function addressesOf(addresses: readonly string[], family: Family | undefined): string[] {
  const unique = [...new Set(addresses)];
  const families: readonly Family[] = family === undefined ? [4, 6] : [family];
  return families.flatMap((wanted) => unique.filter((each) => isIP(each) === wanted)).slice(0, MAX_ADDRESSES);
}

async function readOr(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}
