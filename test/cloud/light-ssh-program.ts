/**
 * As many hosts as are dialled below 127.0.0.0/8, in a process of their own: an SSH server that answers for each with a recorded answer,
 * varied by its number (fanout-answers.ts), under the nonce that was sent. Says its port and its key, and whenever it is asked how often hosts were visited. Arguments: how long a host takes, in ms, and
 * the file of the recorded answer.
 */
import type { AddressInfo, Socket } from 'node:net';
import ssh2, { type Connection, type ServerChannel } from 'ssh2';
import { answerOf } from '../bench/fanout-answers.ts';
import { NONCE_PLACEHOLDER, recordedFrames } from '../bench/replay-host.ts';
import { answering } from '../faults/answering-host.ts';
import { makeKeyPair } from '../faults/key-pair.ts';
import { knownHostsLine } from '../faults/ssh-server.ts';
import { numberAt } from './light-hosts.ts';

const [takesMs = '', recording = ''] = process.argv.slice(2);
const recorded = recordedFrames(recording);
const hostKey = makeKeyPair('ecdsa').private;

let visits = 0;

function serve(client: Connection, host: number): void {
  client.on('error', () => {});
  client.on('authentication', (context) => {
    if (context.method === 'publickey') context.accept();
    else context.reject(['publickey']);
  });
  client.on('session', (accept) => {
    accept().on('exec', (acceptExec, _, { command }) => {
      const channel: ServerChannel = acceptExec();
      channel.on('error', () => {});
      const reply = answering((nonce) => {
        visits += 1;
        setTimeout(() => {
          const answer = answerOf(recorded, host).answer.toString('latin1').replaceAll(NONCE_PLACEHOLDER, nonce);
          channel.write(Buffer.from(answer, 'latin1'));
          channel.exit(0);
          channel.end();
        }, Number(takesMs));
      });
      reply(channel, command);
    });
  });
}

process.on('message', () => process.send?.({ visits }));
process.on('disconnect', () => process.exit());
const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
  const socket: Socket = Reflect.get(client, '_sock');
  serve(client, numberAt(socket.localAddress ?? ''));
});
Reflect.get(server, '_srv').on('connection', (socket: Socket) => socket.setNoDelay(true));
// It cannot listen on a /8.
server.listen({ port: 0, host: '0.0.0.0', backlog: 4096 }, () => {
  const { port } = server.address() as AddressInfo;
  process.send?.({ port, key: knownHostsLine('*', hostKey).split(' ').slice(1).join(' ') });
});
