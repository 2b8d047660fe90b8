/** The arguments for ssh(1) that Ansible is told to add, as far as they say how a host is reached. */
import { splitJumpHosts } from '../ssh/config/proxy.ts';
import { hostOf, portOf, readHostText, userOf } from './host-text.ts';
import type { HostSettings } from './inventory.ts';
import { splitShellWords } from './shell-words.ts';

export type SshArguments = Pick<
  HostSettings,
  'address' | 'user' | 'port' | 'jump' | 'proxyCommand' | 'identityFiles' | 'identitiesOnly'
> & {
  /** What cannot be honoured: names options, never their values. */
  readonly problem?: string;
};

/** Flags without a value that change nothing about where and how a connection is made (ssh(1)). */
const HARMLESS_FLAGS = 'AaCfGgKkMNnqsTtVvXxYy';
/** Options with a value that change nothing about it: forwardings, the escape character, logging, sharing. */
const HARMLESS_VALUES = 'DEeLORSw';
/** ssh_config(5): about the session, the terminal, sharing and liveness, or strictness, which is always on here. */
const HARMLESS_OPTIONS: ReadonlySet<string> = new Set(
  `addkeystoagent batchmode clearallforwardings compression connectionattempts connecttimeout controlmaster
   controlpath controlpersist enableescapecommandline escapechar exitonforwardfailure fingerprinthash forkafterauthentication
   forwardagent forwardx11 forwardx11timeout forwardx11trusted gatewayports gssapiauthentication gssapidelegatecredentials
   hashknownhosts hostbasedauthentication ipqos kbdinteractiveauthentication challengeresponseauthentication localcommand
   localforward loglevel logverbose nohostauthenticationforlocalhost numberofpasswordprompts passwordauthentication
   permitlocalcommand permitremoteopen rekeylimit remotecommand remoteforward requesttty sendenv serveralivecountmax
   serveraliveinterval sessiontype setenv stdinnull streamlocalbindmask streamlocalbindunlink stricthostkeychecking syslogfacility
   tcpkeepalive tunnel tunneldevice updatehostkeys verifyhostkeydns visualhostkey xauthlocation`.split(/\s+/u),
);

interface Draft {
  address?: string;
  user?: string;
  port?: number;
  jump?: readonly string[];
  proxyCommand?: string;
  identityFiles?: string[];
  identitiesOnly?: boolean;
}

/** Reads e.g. '-o ProxyJump=bastion -i ~/.ssh/fleet'. The first value of an option wins, as in ssh; identity files add up. */
export function readSshArguments(text: string): SshArguments {
  const split = splitShellWords(text, { comments: false });
  if (split.kind === 'unclosed') return { problem: `the quote ${split.quote} is never closed` };
  const draft: Draft = {};
  const problems = new Set<string>();
  const take = (problem: string | undefined): void => {
    if (problem !== undefined) problems.add(problem);
  };
  const words = [...split.words];
  for (let word = words.shift(); word !== undefined; word = words.shift()) {
    if (!/^-[^-]/u.test(word)) {
      take('a word that is no option of ssh');
      continue;
    }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at] ?? '';
      if (HARMLESS_FLAGS.includes(letter)) continue;
      if (!`${HARMLESS_VALUES}Jilop`.includes(letter)) {
        take(`-${letter.replace(/[^\w]/u, '?')} is not honoured`);
        // Whether it takes a value is known for those that ssh has.
        if (!'BbcFImQW'.includes(letter)) continue;
      }
      const value = at + 1 < word.length ? word.slice(at + 1) : words.shift();
      take(value === undefined ? `-${letter} lacks its value` : takeFlag(letter, value, draft));
      break;
    }
  }
  return { ...draft, ...(problems.size > 0 && { problem: [...problems].join(', ') }) };
}

/** A problem in words, or undefined. */
function takeFlag(letter: string, value: string, draft: Draft): string | undefined {
  switch (letter) {
    case 'J':
      return takeOption('proxyjump', value, draft);
    case 'i':
      return takeOption('identityfile', value, draft);
    case 'l':
      return takeOption('user', value, draft);
    case 'p':
      return takeOption('port', value, draft);
    case 'o': {
      const match = /^\s*([A-Za-z0-9]+)(?:\s*=\s*|\s+)(.*)$/su.exec(value);
      if (!match) return '-o without Option=value';
      const [, name = '', setting = ''] = match;
      return takeOption(name.toLowerCase(), setting.trim(), draft, name);
    }
    default:
      return undefined;
  }
}

function takeOption(option: string, setting: string, draft: Draft, written = option): string | undefined {
  // A ProxyCommand is the rest of its line, quotes and all; other values lose theirs.
  const value = option === 'proxycommand' ? setting : setting.replace(/^"(.*)"$/su, '$1');
  const lower = value.toLowerCase();
  const refused = `-o ${written} is not honoured`;
  const malformed = `-o ${written} has a malformed value`;
  switch (option) {
    case 'hostname': {
      const address = hostOf(value);
      if (address === undefined) return malformed;
      draft.address ??= address;
      return undefined;
    }
    case 'user': {
      const user = userOf(value);
      if (user === undefined) return malformed;
      draft.user ??= user;
      return undefined;
    }
    case 'port': {
      const port = portOf(value);
      if (port === undefined) return malformed;
      draft.port ??= port;
      return undefined;
    }
    case 'identityfile':
      if (value === '') return malformed;
      if (lower !== 'none') draft.identityFiles = [...(draft.identityFiles ?? []), value];
      return undefined;
    case 'identitiesonly':
      if (lower !== 'yes' && lower !== 'no') return malformed;
      draft.identitiesOnly ??= lower === 'yes';
      return undefined;
    case 'proxyjump': {
      const hops = splitJumpHosts(value);
      if (hops.some((hop) => 'problem' in readHostText(hop))) return malformed;
      if (draft.jump === undefined && draft.proxyCommand === undefined) draft.jump = hops;
      return undefined;
    }
    case 'proxycommand':
      if (value === '') return malformed;
      if (draft.jump !== undefined || draft.proxyCommand !== undefined) return undefined;
      if (lower === 'none') draft.jump = [];
      else draft.proxyCommand = value;
      return undefined;
    case 'userknownhostsfile':
    case 'globalknownhostsfile':
      // Forgetting keys is what strict checking rules out; another file would say who is trusted.
      return /^(?:\/dev\/null|none)$/u.test(value) ? undefined : refused;
    case 'addressfamily':
      return lower === 'any' ? undefined : refused;
    case 'preferredauthentications':
      return lower.split(',').includes('publickey') ? undefined : refused;
    case 'canonicalizehostname':
    case 'checkhostip':
    case 'proxyusefdpass':
      return lower === 'no' ? undefined : refused;
    case 'pubkeyauthentication':
      return lower === 'no' ? refused : undefined;
    default:
      return HARMLESS_OPTIONS.has(option) ? undefined : refused;
  }
}
