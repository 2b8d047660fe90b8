/** What a host of the SSH test server answers to the bundle, without running it. */
import type { ServerChannel } from 'ssh2';
import { answer, wireOf } from '../bundle-answer.ts';
import type { SshServerOptions } from './ssh-server.ts';

export type OnExec = NonNullable<SshServerOptions['onExec']>;

/** Calls back with the nonce once the call, the script's last line, has arrived. */
export const answering =
  (reply: (nonce: string, channel: ServerChannel) => void): OnExec =>
  (channel) => {
    let script = '';
    channel.on('data', (chunk: Buffer) => {
      const before = script;
      script += chunk.toString();
      const called = /^whodisk ([0-9a-f]{32}) \d+ \d+ [01] .*\n/m;
      const nonce = called.exec(script)?.[1];
      if (nonce !== undefined && !called.test(before)) reply(nonce, channel);
    });
  };

/** The whole of an answer, with changes. */
export const whole = (changes: Parameters<typeof answer>[0] = {}): OnExec =>
  answering((nonce, channel) => channel.write(`${wireOf(answer(changes), nonce)}${nonce} end 0 complete\n`));
