/** What a trap is: a situation that is built for real, what must hold while it is measured, and what has to be concluded. */
import type { Activity, Verdict } from '../../../runner/triage/finding.ts';
import type { Guest, GuestMeasured } from './guest.ts';
import type { Bounds, Measured } from './premise.ts';
import type { Stage } from './stage.ts';

export interface TrapCase extends Trap {
  /** Builds it and answers when it may be measured. What it starts and limits is ended by the stage. */
  readonly setup: (stage: Stage) => Promise<void>;
  readonly premise: Bounds<Measured>;
  /** Roles whose first process has ended by itself before it is all over. */
  readonly ended?: readonly string[];
}

/** A trap that wants a kernel of its own: a User-Mode Linux host, with control groups of version 2. */
export interface GuestCase extends Trap {
  readonly setup: (guest: Guest) => Promise<void>;
  readonly premise: Bounds<GuestMeasured>;
}

export interface Trap {
  /** Of its files: lower case, digits and hyphens, the number of its trap first. */
  readonly name: string;
  /** Numbers of the table of traps; empty for what stands beside them. */
  readonly traps: readonly number[];
  readonly situation: string;
  readonly expected: Expected;
}

export interface Expected {
  /** Any of these of the disk; where 'healthy' is among them, the disk need not be reported at all. */
  readonly verdict: readonly Verdict[];
  /** Who is to be named for the disk, all of them; whoever is named beside them is innocent. Empty: nobody. */
  readonly blamed: readonly Blame[];
  /** Roles of which a process has to be known as a victim. */
  readonly victims?: readonly string[];
  /** The names of kernel threads: at least one has to be known as a carrier. */
  readonly carriers?: RegExp;
  /** What has to be said: in the summary or in an explanation. */
  readonly says?: RegExp;
}

export interface Blame {
  readonly role: string;
  /** Of a group every process on its own is too little, and its parent alone is the wrong one. */
  readonly as: 'process' | 'group';
  /** Any of these. */
  readonly activity: readonly Activity[];
  /** The path of one of its files, which comes first where there are several. */
  readonly path?: RegExp;
  /** Of the same file, where its path is that of a container: the path as the host has it. */
  readonly hostPath?: RegExp;
  readonly deleted?: true;
  /** Whether its load was counted, not inferred. */
  readonly measured?: true;
  readonly unit?: RegExp;
  readonly container?: RegExp;
  readonly pod?: RegExp;
  /** 0 to 1. */
  readonly share?: { readonly atLeast: number; readonly atMost: number };
}

/** The processes that played a role, as they were seen while it was measured. */
export interface Role {
  readonly pids: readonly number[];
  /** Of a group: the process that started them all, which is not one of them. */
  readonly parent?: number;
  /** Of a group: the kernel's names for its members, since not every one of them is seen. */
  readonly commands?: readonly string[];
}

/** What is known of a situation, whatever is concluded of it. */
export interface Truth {
  /** The disk that it is about. */
  readonly device: string;
  /** Disks beside it which belong to the situation too. */
  readonly others: readonly string[];
  readonly roles: Readonly<Record<string, Role>>;
}
