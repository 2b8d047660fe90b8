/** What a host of the demo does when it is asked: it plays a recording, or it is this machine. */
import { spawn } from 'node:child_process';
import type { HostAnswer } from '../../runner/ssh/loopback-hosts.ts';
import { playedAnswer, type RecordedHost } from './recordings.ts';

/** The call in the last line of what the bundle's shell is sent (runner/bundle/script.ts). */
const CALL = /^whodisk ([0-9a-f]{32}) \d+ \d+ [01] .*\n/m;
/** The bundle and its call are 30 KB. */
const MOST_INPUT_BYTES = 1024 * 1024;

/** @param afterMs from when all of the question has come to the answer */
export function playing(host: RecordedHost, afterMs: number): HostAnswer {
  return ({ stream, end }) => {
    let heard = '';
    let timer: NodeJS.Timeout | undefined;
    stream.on('close', () => clearTimeout(timer));
    stream.on('data', (chunk: Buffer) => {
      if (timer !== undefined) return;
      heard += chunk.toString('latin1');
      const nonce = CALL.exec(heard)?.[1];
      if (nonce !== undefined) timer = setTimeout(() => stream.write(playedAnswer(host, nonce)), afterMs);
      else if (heard.length > MOST_INPUT_BYTES) end(1);
    });
  };
}

/** This machine, with the rights of whoever runs the demo: as sshd does, the command goes to a shell. */
export const thisMachine: HostAnswer = ({ command, stream, stderr, end }) => {
  // A process group of its own: the bundle leaves its own group out of the suspects, and it is ended as one.
  const child = spawn('/bin/sh', ['-c', command], { detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  let isOver = false;
  child.on('error', () => end(127));
  child.stdin.on('error', () => {});
  stream.pipe(child.stdin);
  child.stdout.pipe(stream, { end: false });
  child.stderr.pipe(stderr, { end: false });
  child.on('close', (code) => {
    isOver = true;
    end(code ?? 1);
  });
  stream.on('close', () => {
    child.stdin.destroy();
    // Not within its grace: whoever ends the demo is not to find a shell of it afterwards.
    if (!isOver && child.pid !== undefined) endGroup(child.pid);
  });
};

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone by itself in the meantime.
  }
}
