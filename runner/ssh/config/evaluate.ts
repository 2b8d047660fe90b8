/**
 * What ssh_config(5) says of one host. Pure: the files were read before (files.ts); the first value of an option wins,
 * IdentityFile adds up, and where a Match asks for a final pass all is gone through once more under the name that is dialled, as
 * process_config_files of ssh.c does.
 */

import { shown } from '../shown.ts';
import { type Activity, activityOf, type MatchSubject } from './criteria.ts';
import type { SshConfig } from './files.ts';
import { type Keyword, OPTION_RULES } from './options.ts';
import { matchesPatternList } from './patterns.ts';
import type { Block, ConfigFile, Step } from './text.ts';
import { expandTokens, hostNameTokens } from './tokens.ts';

export interface SshConfigQuery {
  /** As a person wrote it: Host patterns are compared with it, case and all. */
  readonly name: string;
  /** What is dialled instead, as `-o HostName=` would say. Host patterns and originalhost are compared with it, too. */
  readonly address?: string | undefined;
  readonly user?: string | undefined;
  readonly port?: number | undefined;
  readonly localUser: string;
  /** The way there is settled already: neither ProxyJump nor ProxyCommand counts. */
  readonly isRouteGiven?: boolean;
  /** The keys to log in with are settled already. */
  readonly areKeysGiven?: boolean;
  /** Which host keys are taken is settled already. */
  readonly areKnownHostsGiven?: boolean;
  /** Only `hostName` is wanted: what else is configured for the name refuses nothing. */
  readonly isForHostName?: boolean;
}

export interface Setting {
  readonly words: readonly string[];
  readonly rest: string;
  /** "FILE line N". */
  readonly where: string;
}

export type SshConfigAnswer =
  | {
      readonly kind: 'settings';
      /** HostName or the name, tokens expanded, in lower case unless it is an IPv6 literal. */
      readonly hostName: string;
      readonly settings: ReadonlyMap<Keyword, Setting>;
      /** Not expanded, in order; from the user's file and the system-wide one. */
      readonly identityFiles: readonly Setting[];
    }
  /** Why no connection may be made: a sentence with file and line, and what to do. */
  | { readonly kind: 'refused'; readonly message: string };

/** SSH_MAX_IDENTITY_FILES of ssh.h. */
const MOST_IDENTITY_FILES = 100;

/** Answers for one host: two hosts share nothing but `config`. */
export function evaluateSshConfig(config: SshConfig, query: SshConfigQuery): SshConfigAnswer {
  const [problem] = config.problems;
  if (problem !== undefined) return { kind: 'refused', message: `The ssh configuration cannot be used: ${problem}` };
  const evaluation = new Evaluation(config, query);
  evaluation.pass(false);
  if (config.hasFinalPass) evaluation.pass(true);
  return evaluation.answer();
}

class Evaluation {
  readonly #config: SshConfig;
  readonly #query: SshConfigQuery;
  readonly #originalNames: readonly string[];
  readonly #settings = new Map<Keyword, Setting>();
  readonly #identityFiles: Setting[] = [];
  /** Options that are settled elsewhere: what the files say of them counts for nothing. */
  readonly #closed = new Set<Keyword>();
  #finalNames: readonly string[] = [];
  #refusal: string | undefined;

  constructor(config: SshConfig, query: SshConfigQuery) {
    this.#config = config;
    this.#query = query;
    this.#originalNames = query.address === undefined ? [query.name] : [query.name, query.address];
    const close = (isGiven: boolean | undefined, ...keywords: Keyword[]) => {
      if (isGiven === true) for (const keyword of keywords) this.#closed.add(keyword);
    };
    close(query.address !== undefined, 'hostname');
    close(query.user !== undefined, 'user');
    close(query.port !== undefined, 'port');
    close(query.isRouteGiven, 'proxyjump', 'proxycommand', 'proxyusefdpass');
    close(query.areKeysGiven, 'identityfile', 'identitiesonly', 'certificatefile');
    close(query.areKnownHostsGiven, 'userknownhostsfile', 'globalknownhostsfile', 'knownhostscommand');
  }

  pass(isFinal: boolean): void {
    // What is dialled is what the first pass said (ssh.c main): the last one only adds to it.
    if (isFinal) {
      this.#closed.add('hostname');
      this.#finalNames = [this.#hostName()];
    }
    for (const file of this.#config.files) this.#walk(file, 'yes', isFinal);
  }

  answer(): SshConfigAnswer {
    // The way there decides what of the rest can matter: a host key is looked up by address only where an address is dialled.
    const isProxied = this.#route() !== 'direct';
    for (const [keyword, setting] of this.#query.isForHostName === true ? [] : this.#settings) {
      if (keyword === 'checkhostip' && isProxied) continue;
      if (keyword === 'proxyusefdpass' && this.#route() !== 'command') continue;
      const why = OPTION_RULES[keyword].refusal?.(setting.words, setting.rest);
      if (why !== undefined) {
        this.#refuse(
          `${setting.where}: ${OPTION_RULES[keyword].name} ${shown(setting.rest)} cannot be honoured: ${why}. Take it out for this host, or give another file with -F.`,
        );
      }
    }
    const hostName = this.#hostName();
    if (this.#refusal !== undefined) return { kind: 'refused', message: this.#refusal };
    return { kind: 'settings', hostName, settings: this.#settings, identityFiles: this.#identityFiles };
  }

  #walk(file: ConfigFile, within: Activity, isFinal: boolean): void {
    for (const block of file.blocks) {
      const activity = this.#activity(block, within, isFinal);
      // Only an option that nobody knows counts where its block does not apply.
      if (activity === 'no' && !this.#config.hasUnknownOption) continue;
      for (const step of block.steps) this.#take(step, activity, file, block, isFinal);
    }
  }

  /** A file that is included where nothing applies has nothing that does (SSHCONF_NEVERMATCH). */
  #activity(block: Block, within: Activity, isFinal: boolean): Activity {
    if (within === 'no') return 'no';
    const own = activityOf(block.condition, this.#names(isFinal), () => this.#subject(isFinal));
    return own === 'yes' ? within : own;
  }

  #names(isFinal: boolean): readonly string[] {
    return isFinal ? this.#finalNames : this.#originalNames;
  }

  #subject(isFinalPass: boolean): MatchSubject {
    const { user, localUser } = this.#query;
    return {
      originalNames: this.#originalNames,
      hostName: this.#hostName(),
      user: user ?? this.#settings.get('user')?.words[0] ?? localUser,
      localUser,
      tag: this.#settings.get('tag')?.words[0] ?? '',
      isFinalPass,
    };
  }

  #take(step: Step, activity: Activity, file: ConfigFile, block: Block, isFinal: boolean): void {
    switch (step.kind) {
      case 'include':
        for (const included of step.files) this.#walk(included, activity, isFinal);
        return;
      case 'unknown-option': {
        const ignored = this.#settings.get('ignoreunknown')?.words[0] ?? '';
        if (matchesPatternList(step.keyword, ignored.toLowerCase())) return;
        this.#refuse(
          `The ssh configuration cannot be used: ${file.path} line ${step.line}: ssh has no option ${shown(step.keyword)}. Correct it, or write "IgnoreUnknown ${step.keyword}" above it.`,
        );
        return;
      }
      case 'option':
        if (activity === 'yes') this.#set(step, file);
        else if (activity === 'unknown') this.#refuseIfUncertain(step, file, block);
        return;
      default:
        step satisfies never;
    }
  }

  #set(step: Extract<Step, { kind: 'option' }>, file: ConfigFile): void {
    const { keyword, words, rest } = step;
    if (!this.#isOpen(step)) return;
    const where = `${file.path} line ${step.line}`;
    // A time limit of "none" leaves the place to a later line (parse_time of readconf.c).
    if (keyword === 'connecttimeout' && words[0] === 'none') return;
    if (keyword !== 'identityfile') {
      this.#settings.set(keyword, { words, rest, where });
      return;
    }
    if (this.#identityFiles.some((other) => other.words[0] === words[0])) return;
    if (this.#identityFiles.length === MOST_IDENTITY_FILES) {
      this.#refuse(`${where}: more than ${MOST_IDENTITY_FILES} IdentityFile lines apply to this host: take some out.`);
      return;
    }
    this.#identityFiles.push({ words, rest, where });
  }

  /** Whether a line could still have an effect: nothing before it has settled the matter. */
  #isOpen({ keyword }: Extract<Step, { kind: 'option' }>): boolean {
    if (this.#closed.has(keyword)) return false;
    // Of the two, the one that comes first keeps the other out; only "ProxyJump none" leaves room for a ProxyCommand, as OpenSSH 9.2
    // has it, whose manual does not say so.
    const jump = this.#settings.get('proxyjump');
    if (keyword === 'proxycommand' && jump !== undefined && !isNone(jump)) return false;
    if (keyword === 'proxyjump' && this.#settings.has('proxycommand')) return false;
    return !this.#settings.has(keyword);
  }

  #refuseIfUncertain(step: Extract<Step, { kind: 'option' }>, file: ConfigFile, block: Block): void {
    const rule = OPTION_RULES[step.keyword];
    if (this.#query.isForHostName === true && step.keyword !== 'hostname') return;
    if (!rule.matters || !this.#isOpen(step)) return;
    if (rule.refusal !== undefined && rule.refusal(step.words, step.rest) === undefined) return;
    const names = unknowableNames(block);
    const by = names === '' ? 'the Include that it stands under' : `Match ${names} at line ${block.line}`;
    this.#refuse(
      `${file.path} line ${step.line}: whether ${rule.name} applies is decided by ${by}, which is not evaluated, as nothing is run to find out how to connect. Set ${rule.name} for this host above it, or use another file with -F.`,
    );
  }

  #refuse(message: string): void {
    this.#refusal ??= message;
  }

  #route(): 'direct' | 'jump' | 'command' {
    const command = this.#settings.get('proxycommand');
    if (command !== undefined && !isNone(command)) return 'command';
    const jump = this.#settings.get('proxyjump');
    return jump !== undefined && !isNone(jump) ? 'jump' : 'direct';
  }

  #hostName(): string {
    const { name, address } = this.#query;
    const setting = this.#settings.get('hostname');
    if (address !== undefined || setting === undefined) return lowerHost(address ?? name);
    const expanded = expandTokens(setting.words[0] ?? '', hostNameTokens(name));
    if ('text' in expanded) return lowerHost(expanded.text);
    this.#refuse(`${setting.where}: HostName: ${expanded.problem}.`);
    return lowerHost(name);
  }
}

function isNone({ rest }: Setting): boolean {
  return withoutComment(rest).toLowerCase() === 'none';
}

/** The value of ProxyJump ends where a comment begins. */
export function withoutComment(rest: string): string {
  return rest.replace(/#.*$/s, '').trim();
}

/** A zone behind "%" is the name of an interface, whose case counts. */
function lowerHost(host: string): string {
  return host.includes('%') ? host : host.toLowerCase();
}

function unknowableNames({ condition }: Block): string {
  if (condition.kind !== 'match') return '';
  const names = condition.criteria.flatMap((criterion) => (criterion.kind === 'unknowable' ? [criterion.name] : []));
  return [...new Set(names)].join(' and ');
}
