/** One trap, live: built, measured by whodisk and its peers in one and the same window, judged, and taken down again. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { VisitedHost } from '../../../runner/report.ts';
import { pidsWithToken } from '../../lab/processes.ts';
import { type Bed, loopsBelow } from './bed.ts';
import { conclusionOf, goldenOf, hasSameCulprits, textOf } from './golden.ts';
import type { Guest, GuestMeasured } from './guest.ts';
import { culpritsOf, isRightlyNamed, type Judgement, judge, judgeNames } from './judge.ts';
import { askPeers, type PeerAnswers } from './peers.ts';
import { type Measured, premiseProblems, watchSituation } from './premise.ts';
import type { RecordedOn } from './public-frames.ts';
import { fileOf, findingOf, MAX_RECORDING_BYTES, parseRecording, recordingOf } from './recording.ts';
import { watchRoles } from './roles.ts';
import { stageOn } from './stage.ts';
import { sweep } from './sweep.ts';
import type { GuestCase, Trap, TrapCase, Truth } from './trap-case.ts';

export interface Tried {
  readonly trap: Trap;
  /** Empty where the situation was what it was to be. */
  readonly premiseProblems: readonly string[];
  readonly measured: Measured | GuestMeasured;
  readonly truth: Truth;
  readonly host: VisitedHost;
  readonly whodisk: Judgement;
  /** Absent on hosts where the peers are not installed. */
  readonly pidstat?: Judgement;
  readonly iotop?: Judgement;
  readonly peers?: PeerAnswers;
  /** Of everyone whom whodisk called a culprit: how sure it was, and whether it was right. */
  readonly called: readonly { readonly confidence: string; readonly isRight: boolean }[];
  /** In public names. */
  readonly recording: Buffer;
  /** With all that this machine did meanwhile: not for others. */
  readonly unedited: Buffer;
}

/** As long as whodisk's own window, which opens when it is logged in. */
const PEER_SECONDS = 5;

export async function runCase(trap: TrapCase, bed: Bed): Promise<Tried> {
  const { lab, slow, healthy, sshd } = bed;
  const stage = stageOn(bed);
  try {
    await trap.setup(stage);
    const roles = watchRoles(stage.players);
    const watch = watchSituation(slow.device, healthy.device);
    const [swept, peers] = await Promise.all([sweep(sshd), askPeers(PEER_SECONDS, slow.outer)]);
    const measured = watch.stop();
    const truth: Truth = { device: slow.device, others: [healthy.device], roles: roles.stop() };
    const problems = [...premiseProblems(measured, trap.premise), ...endedToSoon(trap, truth, lab.token)];
    const recording = recordingOf(truth, swept, recordedOn(bed, truth));
    const { host } = swept;
    return {
      trap,
      premiseProblems: problems,
      measured,
      truth,
      host,
      whodisk: judge(host, trap.expected, truth),
      pidstat: judgeNames(peers.pidstat, trap.expected, truth),
      iotop: judgeNames(peers.iotop, trap.expected, truth),
      peers,
      called: calledOf(host, trap, truth),
      recording,
      unedited: recordingOf(truth, swept, undefined),
    };
  } finally {
    bed.clear();
  }
}

export async function runGuestCase(trap: GuestCase, guest: Guest): Promise<Tried> {
  try {
    await trap.setup(guest);
    const watch = await guest.watch();
    const swept = await sweep(guest.login);
    const measured = await watch.stop();
    const truth: Truth = { device: guest.device, others: [], roles: await guest.roles() };
    const { host } = swept;
    return {
      trap,
      premiseProblems: premiseProblems(measured, trap.premise),
      measured,
      truth,
      host,
      whodisk: judge(host, trap.expected, truth),
      called: calledOf(host, trap, truth),
      recording: recordingOf(truth, swept, undefined),
      unedited: recordingOf(truth, swept, undefined),
    };
  } finally {
    await guest.clear();
  }
}

function calledOf(host: VisitedHost, { expected }: Trap, truth: Truth): Tried['called'] {
  return culpritsOf(host, truth).map(({ device, culprit }) => ({
    confidence: culprit.confidence,
    isRight: isRightlyNamed(device, culprit, expected, truth),
  }));
}

/** Roles whose first process is gone although nobody ended it. */
function endedToSoon({ ended = [] }: TrapCase, { roles }: Truth, token: string): string[] {
  const alive = new Set(pidsWithToken(token));
  return Object.entries(roles).flatMap(([role, { pids, parent }]) => {
    const first = parent ?? pids[0];
    const isOver = first === undefined || !alive.has(first);
    return isOver && !ended.includes(role) ? [`${role} ended by itself`] : [];
  });
}

function recordedOn({ lab, slow, healthy }: Bed, truth: Truth): RecordedOn {
  const loops = new Set([slow.device, slow.outer, healthy.device, ...loopsBelow(slow.mountpoint)]);
  const pids = new Set(
    Object.values(truth.roles).flatMap(({ pids, parent }) => [...pids, ...(parent ? [parent] : [])]),
  );
  return {
    loops,
    folders: [
      [lab.folder, '/srv/lab'],
      [fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, ''), '/opt/whodisk'],
    ],
    pids,
    starter: process.pid,
    groupPrefix: `whodisk-lab-${lab.token}-`,
  };
}

/** Keeps the recording and what is concluded of it. Throws where it is too large, or in public names is concluded otherwise. */
export async function keepRecording({ trap, host, recording, truth }: Tried): Promise<void> {
  if (recording.length > MAX_RECORDING_BYTES) throw new Error(`${trap.name}: ${recording.length} bytes are too many`);
  const again = await findingOf(parseRecording(recording));
  const conclusion = conclusionOf(again, truth);
  // Shares may differ: whom this machine's other processes left a part to is not recorded with them.
  if (!hasSameCulprits(conclusion, conclusionOf(host, truth))) {
    throw new Error(`${trap.name}: in public names it is concluded otherwise: ${again.summary}; live: ${host.summary}`);
  }
  writeFileSync(fileOf(trap.name, 'txt'), recording);
  writeFileSync(fileOf(trap.name, 'golden'), goldenOf(conclusion, textOf(again)));
}

/** What is needed to mend a conclusion: the frames, the report, what was wanted. Of a case that is right, none of it. */
export function keepFailure(folder: string, tried: Tried): void {
  const { trap, whodisk, premiseProblems: premise, measured, truth, host, recording, unedited } = tried;
  const into = join(folder, trap.name);
  rmSync(into, { recursive: true, force: true });
  if (whodisk.outcome === 'right') return;
  mkdirSync(into, { recursive: true });
  writeFileSync(join(into, 'frames.txt'), recording);
  writeFileSync(join(into, 'unedited.txt'), unedited);
  writeFileSync(join(into, 'report.json'), JSON.stringify(host, undefined, 1));
  const wanted = { outcome: whodisk, premise, measured, wanted: trap.expected, truth };
  const text = JSON.stringify(wanted, (_, value) => (value instanceof RegExp ? String(value) : value), 1);
  writeFileSync(join(into, 'wanted.txt'), `${trap.situation}\n\n${text}\n`);
}
