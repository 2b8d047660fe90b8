/** What a command line can mean. */
import type { Scope } from '../auth/scope.ts';
import type { FailOn } from './exit-status.ts';
import type { Shell } from './shells.ts';

export type Format = 'json' | 'ndjson' | 'plain';

/** Where whodisk.yml and what was found are; absent: the defaults. */
export interface Places {
  readonly config?: string;
  readonly store?: string;
  readonly state?: string;
}

/** How hosts are reached and looked at. Absent is what was not given: whodisk.yml, ssh_config(5) and then the defaults may say it. */
export interface VisitWords {
  /** Files, and of a sweep "-" for stdin at most once. */
  readonly inventories: readonly string[];
  readonly sshConfig?: string;
  readonly user?: string;
  readonly port?: number;
  readonly identities: readonly string[];
  readonly knownHosts?: string;
  readonly hostKeys?: 'strict' | 'accept-new';
  readonly jump?: readonly string[];
  readonly forks?: number;
  readonly windowSeconds?: number;
  readonly deadlineSeconds?: number;
  readonly privilege?: 'auto' | 'root' | 'user';
}

export interface SweepCommand extends Places, VisitWords {
  readonly kind: 'sweep';
  /** As written; empty and no inventories: this machine. */
  readonly targets: readonly string[];
  readonly args: boolean;
  readonly format?: Format;
  readonly failOn?: FailOn;
  /** Sweeps again so long after each sweep's end; never together with the format "json". */
  readonly watchSeconds?: number;
}

/** What --listen names; `host` is an IP address without brackets, or "localhost". */
export interface ListenAddress {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface ServeCommand extends Places, VisitWords {
  readonly kind: 'serve';
  readonly listen: ListenAddress;
  /** As written; default: `token` in the state folder. */
  readonly tokenFile?: string;
  readonly isJson: boolean;
}

/** A fleet of local hosts, to try whodisk on. */
export interface DemoCommand {
  readonly kind: 'demo';
  /** Whether a disk of this machine's is to be saturated meanwhile. */
  readonly hasLoad: boolean;
  /** Whether a browser may be opened. */
  readonly open: boolean;
  readonly windowSeconds?: number;
  readonly isPlain: boolean;
}

type Looking = Places & { readonly format?: 'json' | 'plain' };

/** A look at what is stored. */
export type LookCommand = Looking &
  (
    | { readonly kind: 'explain'; readonly host: string }
    | { readonly kind: 'history'; readonly host?: string }
    | { readonly kind: 'diff'; readonly sweeps: readonly string[] }
  );

/** Captures that somebody pasted. */
export interface ReadCommand {
  readonly kind: 'read';
  /** At least one; "-" for stdin at most once. */
  readonly files: readonly string[];
  /** As --store says; absent: nothing is kept. */
  readonly store?: string;
  readonly format?: Format;
  readonly failOn?: FailOn;
}

export type AuditCommand = Looking & { readonly kind: 'audit' };

export type TokenCommand =
  | (Places & { readonly kind: 'token-create'; readonly scope: Scope; readonly name?: string })
  | (Looking & { readonly kind: 'token-list' })
  /** `token` is an id, a name, or the token itself, which is never to be repeated. */
  | (Places & { readonly kind: 'token-revoke'; readonly token: string });

/** What a completion script asks: of bash the line up to the cursor and the part that is replaced, of the others the words. */
export interface CompleteCommand {
  readonly kind: 'complete';
  readonly shell: Shell;
  readonly words: readonly string[];
}

export type ParsedCommand =
  | SweepCommand
  | ReadCommand
  | ServeCommand
  | DemoCommand
  | LookCommand
  | AuditCommand
  | TokenCommand
  | { readonly kind: 'store-create'; readonly table: string }
  | CompleteCommand
  | { readonly kind: 'completion'; readonly shell: Shell }
  | { readonly kind: 'schema'; readonly of: 'report' | 'config' }
  /** Help, the version: to stdout. */
  | { readonly kind: 'text'; readonly text: string }
  /** A usage error: to stderr, exit 2. */
  | { readonly kind: 'usage'; readonly message: string };
