/**
 * What each option of ssh_config(5) means to a sweep: the one place where it is decided what is honoured, what cannot be and so
 * fails the host, and what is left out. Pure. Names are those of readconf.c, up to OpenSSH 10.
 *
 * The rule: an option that changes where or how we connect, or who is trusted, is honoured or fails the host by name; it is never
 * passed over so that the host is dialled some other way. What only loosens trust (StrictHostKeyChecking no, VerifyHostKeyDNS,
 * NoHostAuthenticationForLocalhost) is left out: a sweep stays as strict as it is.
 */

import { shown } from '../shown.ts';
import { narrowAlgorithms } from './algorithms.ts';

/** The honoured options; each has one place in the settings of a host. */
export type Honoured =
  | 'addressfamily'
  | 'ciphers'
  | 'connecttimeout'
  | 'globalknownhostsfile'
  | 'hostkeyalgorithms'
  | 'hostkeyalias'
  | 'hostname'
  | 'identitiesonly'
  | 'identityagent'
  | 'identityfile'
  | 'ignoreunknown'
  | 'kexalgorithms'
  | 'macs'
  | 'port'
  | 'proxycommand'
  | 'proxyjump'
  | 'tag'
  | 'user'
  | 'userknownhostsfile';

/** Options whose value can be one that cannot be honoured. */
export type Refusable =
  | 'bindaddress'
  | 'bindinterface'
  | 'canonicalizehostname'
  | 'certificatefile'
  | 'checkhostip'
  | 'knownhostscommand'
  | 'preferredauthentications'
  | 'proxyusefdpass'
  | 'pubkeyauthentication'
  | 'refuseconnection'
  | 'revokedhostkeys';

export type Keyword = Honoured | Refusable;

interface OptionRule {
  /** As the manual spells it, for messages. */
  readonly name: string;
  /** Why ssh would refuse the line, if it would. Given at least one word. */
  readonly problem: (words: readonly string[]) => string | undefined;
  /** Only of the refusable ones: why this value cannot be honoured; undefined where it asks for nothing of us. */
  readonly refusal?: (words: readonly string[], rest: string) => string | undefined;
  /** Whether a block that may or may not apply makes the host's way in uncertain by setting it. A time limit does not. */
  readonly matters: boolean;
}

const oneWord = (words: readonly string[]) => {
  if (words[0] === '') return 'its value is empty';
  return words.length > 1 ? `${shown(words[1] ?? '')} stands behind its one value` : undefined;
};
const oneOf = (values: readonly string[]) => (words: readonly string[]) =>
  oneWord(words) ?? (values.includes(lower(words)) ? undefined : `${shown(words[0] ?? '')} is none of its values`);
const flag = oneOf(['yes', 'no', 'true', 'false']);
const wholeLine = () => undefined;
const fileList = (words: readonly string[]) => {
  if (words.includes('')) return 'one of its values is empty';
  if (words.length > 32) return 'it names more than 32 files';
  return words.length > 1 && words.some((word) => word.toLowerCase() === 'none') ? '"none" stands alone' : undefined;
};
const timeout = (words: readonly string[]) =>
  oneWord(words) ??
  (words[0] === 'none' || secondsOfTime(words[0] ?? '') !== undefined ? undefined : 'its value is no time');
const algorithms = (ours: 'kex' | 'cipher' | 'mac' | 'hostKey') => (words: readonly string[]) =>
  oneWord(words) ?? (narrowAlgorithms(ours, words[0] ?? '') === undefined ? 'its list is empty' : undefined);

const unlessNone = (why: string) => (words: readonly string[]) => (lower(words) === 'none' ? undefined : why);
const whenYes = (why: string) => (words: readonly string[]) => (isYes(words) ? why : undefined);

const honoured = (name: string, problem: OptionRule['problem'], matters = true): OptionRule => ({
  name,
  problem,
  matters,
});
const refusable = (
  name: string,
  problem: OptionRule['problem'],
  refusal: NonNullable<OptionRule['refusal']>,
): OptionRule => ({ name, problem, refusal, matters: true });

/** By keyword in lower case. */
export const OPTION_RULES: Readonly<Record<Keyword, OptionRule>> = {
  addressfamily: honoured('AddressFamily', oneOf(['any', 'inet', 'inet6'])),
  // Restrictions of security: what they leave of our algorithms is what is offered, see algorithms.ts.
  ciphers: honoured('Ciphers', algorithms('cipher')),
  connecttimeout: honoured('ConnectTimeout', timeout, false),
  globalknownhostsfile: honoured('GlobalKnownHostsFile', fileList),
  hostkeyalgorithms: honoured('HostKeyAlgorithms', algorithms('hostKey')),
  hostkeyalias: honoured('HostKeyAlias', oneWord),
  hostname: honoured('HostName', oneWord),
  identitiesonly: honoured('IdentitiesOnly', flag),
  identityagent: honoured('IdentityAgent', oneWord),
  identityfile: honoured('IdentityFile', oneWord),
  ignoreunknown: honoured('IgnoreUnknown', oneWord, false),
  kexalgorithms: honoured('KexAlgorithms', algorithms('kex')),
  macs: honoured('MACs', algorithms('mac')),
  port: honoured(
    'Port',
    (words) =>
      oneWord(words) ??
      (portOf(words[0] ?? '') === undefined ? `${shown(words[0] ?? '')} is no port from 1 to 65535` : undefined),
  ),
  proxycommand: honoured('ProxyCommand', wholeLine),
  proxyjump: honoured('ProxyJump', wholeLine),
  tag: honoured('Tag', oneWord),
  user: honoured('User', oneWord),
  userknownhostsfile: honoured('UserKnownHostsFile', fileList),

  // The source address decides the route, and what a firewall on the way lets pass.
  bindaddress: refusable('BindAddress', oneWord, () => 'the address to connect from cannot be chosen'),
  bindinterface: refusable('BindInterface', oneWord, () => 'the interface to connect from cannot be chosen'),
  // Which name is dialled and which blocks apply would depend on the name server.
  canonicalizehostname: refusable('CanonicalizeHostname', oneOf(['yes', 'no', 'true', 'false', 'always']), (words) =>
    isYes(words) || lower(words) === 'always' ? 'host names are not completed, so write them in full' : undefined,
  ),
  // Whoever sets it expects plain keys to be refused: a log-in without it would only be counted as a failed one.
  certificatefile: refusable(
    'CertificateFile',
    oneWord,
    () => 'logging in with a certificate is not supported, only with a plain key (--identity)',
  ),
  // The address's own entry in known_hosts would have to agree, too.
  checkhostip: refusable('CheckHostIP', flag, whenYes('keys are checked by name only')),
  // Its answer may revoke keys.
  knownhostscommand: refusable('KnownHostsCommand', wholeLine, (_words, rest) =>
    rest.toLowerCase() === 'none' ? undefined : 'host keys come from files only (--known-hosts)',
  ),
  preferredauthentications: refusable('PreferredAuthentications', oneWord, (words) =>
    (words[0] ?? '').split(',').includes('publickey') ? undefined : 'a sweep logs in with keys only (publickey)',
  ),
  proxyusefdpass: refusable('ProxyUseFdpass', flag, whenYes('a connection cannot be taken over from a ProxyCommand')),
  pubkeyauthentication: refusable(
    'PubkeyAuthentication',
    oneOf(['yes', 'no', 'true', 'false', 'unbound', 'host-bound']),
    (words) => (lower(words) === 'no' || lower(words) === 'false' ? 'a sweep logs in with keys only' : undefined),
  ),
  refuseconnection: refusable('RefuseConnection', oneWord, () => 'ssh is told to refuse this host'),
  // A key that it lists would be taken.
  revokedhostkeys: refusable('RevokedHostKeys', oneWord, unlessNone('a list of revoked keys is not read')),
};

const ALIASES: Readonly<Record<string, Keyword>> = {
  identityfile2: 'identityfile',
  dsaauthentication: 'pubkeyauthentication',
};

/**
 * Left out: what happens inside a session that we do not open, on a terminal that we do not have, or to a connection that is there
 * already; methods of logging in that are not used; checks that only loosen trust; limits on keys that count here only where they
 * are pinned (RequiredRSASize); what OpenSSH itself passes over; and options of one vendor's ssh that others do not know.
 */
const LEFT_OUT: ReadonlySet<string> = new Set(
  `addkeystoagent batchmode canonicaldomains canonicalizefallbacklocal canonicalizemaxdots canonicalizepermittedcnames
   casignaturealgorithms challengeresponseauthentication channeltimeout clearallforwardings compression connectionattempts
   controlmaster controlpath controlpersist dynamicforward enableescapecommandline enablesshkeysign escapechar
   exitonforwardfailure fingerprinthash forkafterauthentication forwardagent forwardx11 forwardx11timeout forwardx11trusted
   gatewayports gssapiauthentication gssapiclientidentity gssapidelegatecredentials gssapikexalgorithms gssapikeyexchange
   gssapirenewalforcesrekey gssapiserveridentity gssapitrustdns hashknownhosts hostbasedacceptedalgorithms
   hostbasedauthentication hostbasedkeytypes ipqos kbdinteractiveauthentication kbdinteractivedevices keepalive localcommand
   localforward loglevel logverbose nohostauthenticationforlocalhost numberofpasswordprompts obscurekeystroketiming
   passwordauthentication permitlocalcommand permitremoteopen pkcs11provider pubkeyacceptedalgorithms pubkeyacceptedkeytypes
   rekeylimit remotecommand remoteforward requesttty requiredrsasize securitykeyprovider sendenv serveralivecountmax
   serveraliveinterval sessiontype setenv skeyauthentication smartcarddevice stdinnull streamlocalbindmask
   streamlocalbindunlink stricthostkeychecking syslogfacility tcpkeepalive tisauthentication tunnel tunneldevice updatehostkeys
   verifyhostkeydns versionaddendum visualhostkey warnweakcrypto xauthlocation
   protocol cipher fallbacktorsh globalknownhostsfile2 rhostsauthentication userknownhostsfile2 useroaming usersh
   useprivilegedport afstokenpassing kerberosauthentication kerberostgtpassing rsaauthentication rhostsrsaauthentication
   compressionlevel
   protocolkeepalives setuptimeout useblacklistedkeys rsaminsize usekeychain`.split(/\s+/),
);

/** What a keyword, in lower case, is: an option that counts, one that is left out, or one that ssh does not know. */
export function classifyKeyword(keyword: string): Keyword | 'left-out' | 'unknown' {
  const known = ALIASES[keyword] ?? keyword;
  if (Object.hasOwn(OPTION_RULES, known)) return known as Keyword;
  return LEFT_OUT.has(known) ? 'left-out' : 'unknown';
}

/** a2port of misc.c without /etc/services, of which only "ssh" is worth knowing; undefined where it is none. */
export function portOf(text: string): number | undefined {
  if (text === 'ssh') return 22;
  const port = Number(text);
  return /^\d{1,9}$/.test(text) && port >= 1 && port <= 65535 ? port : undefined;
}

const SECONDS_OF_UNIT: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86400, w: 604800 };

/** convtime of misc.c: "90", "1h30m"; undefined where it is no time or too long for ssh. */
export function secondsOfTime(text: string): number | undefined {
  if (!/^(?:\d{1,10}[smhdw]?)+$/i.test(text)) return undefined;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([smhdw]?)/gi)) {
    total += Number(digits) * (SECONDS_OF_UNIT[(unit ?? '').toLowerCase()] ?? 1);
  }
  return total <= 0x7fffffff ? total : undefined;
}

/** Whether a flag is set, as ssh reads it. */
export function isYes(words: readonly string[]): boolean {
  return lower(words) === 'yes' || lower(words) === 'true';
}

function lower(words: readonly string[]): string {
  return (words[0] ?? '').toLowerCase();
}
