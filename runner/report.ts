/** The report of one sweep (`whodisk --json`): zod schemas, from which `whodisk schema` is generated. */
import * as z from 'zod';
import { findingSchema } from './triage/finding.ts';
import { patternSchema } from './triage/patterns.ts';

/** Where in a visit a host was lost. */
const PHASES = ['resolve', 'connect', 'hostkey', 'auth', 'exec', 'sample', 'parse', 'deadline'] as const;

/** Why a host was lost: the closed list, each with the sentence that documents it. */
export const FAILURE_KINDS = {
  'name-not-found': 'the name has no address',
  'resolver-timeout': 'the name server did not answer in time',
  'address-refused':
    'the name leads to this machine or its own link, which is not dialled for a caller over the network',
  'connect-timeout': 'no answer to the TCP connection',
  refused: 'the port is closed',
  reset: 'the connection was cut while it was being set up',
  unreachable: 'no route to the host or its network',
  'not-ssh': 'something answers on the port, but it is not an SSH server',
  'protocol-error': 'the SSH server broke the protocol',
  'handshake-timeout': 'the SSH handshake did not finish in time',
  'no-common-algorithm': 'client and server share no algorithm that is still considered safe',
  'hostkey-unknown': 'no known_hosts entry for the host',
  'hostkey-changed': 'the host shows another key than the one in known_hosts',
  'hostkey-revoked': 'the host shows a key that known_hosts marks as revoked',
  'hostkey-certificate': 'only a @cert-authority entry matches, and certificates are not supported',
  'unsupported-setting': 'the ssh configuration or the inventory asks for a way to connect that cannot be honoured',
  'jump-failed': 'a jump host on the way could not be passed, or would not connect onwards',
  'proxy-command-failed': 'the ProxyCommand ended, or could not be started, before the host answered',
  'no-identity': 'no usable private key and no agent',
  'auth-refused': 'the server accepted none of the keys offered',
  'exec-refused': 'the server refused to run a command',
  'no-shell': 'the host has no /bin/sh that runs the bundle',
  'suspected-hung': 'the host let us in, then fell silent until its deadline',
  'connection-lost': 'the connection broke after the log-in',
  'output-cap': 'the host sent more than the cap allows',
  'bad-answer': 'the answer cannot be parsed or belongs to another run',
  'ended-early': 'the bundle ended before its END record',
  'deadline-exceeded': 'the host did not finish within its deadline',
  'being-swept': 'another sweep was visiting the host all the time',
  lost: 'the worker that was to visit the host was lost',
  interrupted: 'the sweep was interrupted before this host was done',
  internal: 'whodisk itself failed on this host: please report it',
} as const;
export type FailureKind = keyof typeof FAILURE_KINDS;

const failureKindSchema = z.enum(Object.keys(FAILURE_KINDS) as [FailureKind, ...FailureKind[]]);

export const failureSchema = z.object({ phase: z.enum(PHASES), kind: failureKindSchema, message: z.string() });
export type Failure = z.infer<typeof failureSchema>;

/** What a visit cost: CPU time of the bundle and its children on the host, bytes received, wall time seen from here. */
const costSchema = z.object({
  hostCpuMs: z.number().min(0).optional(),
  bytesReceived: z.int().min(0),
  clientMs: z.number().min(0),
});

/** One visit's result before it is ranked. */
export const visitedHostSchema = findingSchema.extend({
  /** Its unique name in the inventory, or as the target was written. */
  host: z.string(),
  address: z.string().optional(),
  port: z.int().min(1).max(65535).optional(),
  status: z.enum(['swept', 'partial', 'not-swept']),
  failure: failureSchema.optional(),
  cost: costSchema,
});
export type VisitedHost = z.infer<typeof visitedHostSchema>;

export const hostSchema = visitedHostSchema.extend({ rank: z.int().min(1) });
export type Host = z.infer<typeof hostSchema>;

/** Where a host stands for whoever looks at a list, worst first: its verdict, suspected to hang, or not swept. */
export const STANDINGS = [
  'hung',
  'suspected-hung',
  'saturated',
  'inconclusive',
  'not-swept',
  'busy',
  'healthy',
] as const;
export type Standing = (typeof STANDINGS)[number];

export const sweepSchema = z.object({
  id: z.string(),
  trigger: z.enum(['cli', 'api', 'chat', 'schedule', 'alert']),
  /** Who asked for it, in a few words: "schedule nightly", "token ci", "@ann in #ops". */
  by: z.string().optional(),
  /** The targets as they were asked for, such as "@db"; absent for this machine alone. */
  asked: z.array(z.string()).optional(),
  status: z.enum(['queued', 'running', 'ranking', 'complete', 'incomplete', 'interrupted', 'cancelled']),
  startedAt: z.iso.datetime({ precision: 3 }),
  finishedAt: z.iso.datetime({ precision: 3 }).optional(),
  windowSeconds: z.number().min(1).max(60),
  targets: z.int().min(0),
  swept: z.int().min(0),
  notSwept: z.int().min(0),
  /** How many hosts stand where, once the sweep is over; a standing without hosts is absent. */
  counts: z.partialRecord(z.enum(STANDINGS), z.int().min(1)).optional(),
});
export type Sweep = z.infer<typeof sweepSchema>;

export const reportSchema = z.object({
  schemaVersion: z.literal(1),
  sweep: sweepSchema,
  hosts: z.array(hostSchema),
  patterns: z.array(patternSchema),
});
export type Report = z.infer<typeof reportSchema>;
