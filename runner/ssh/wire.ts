/** What carries the bytes of one SSH connection: a TCP socket, a channel through a jump host, the pipes of a ProxyCommand. */
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Client } from 'ssh2';

export type JumpLoss = 'broke' | 'fell-silent';

/** What a carrier knows of its own end, which the SSH client above it only sees as a connection that was cut. */
export type WireEnding =
  /** The connection to the jump host broke, or it fell silent; `jump` is its place, for messages. */
  | { readonly kind: 'jump-lost'; readonly jump: string; readonly how: JumpLoss }
  | {
      readonly kind: 'command-ended';
      /** How, as the second half of a sentence: 'ended with status 255'. */
      readonly how: string;
      /** Its stderr in one line, which may hold anything; '' where it said nothing. */
      readonly said: string;
      /** Its stderr as it came, as far as it was kept: more than a message shows. */
      readonly stderr: string;
    };

export interface Wire {
  /** For the SSH client: paused until that takes it, with an `error` listener, so that a late error harms nobody. */
  readonly stream: Duplex;
  readonly bytesReceived: () => number;
  /** Nothing more can come or go. */
  readonly isGone: () => boolean;
  /** Takes it away at once, whatever the far side does. */
  readonly destroy: () => void;
  /** Lets go of it as soon as what was written has been sent; it may need `destroy` all the same where the far side does not play along. */
  readonly finish: () => void;
  /** undefined while it carries, and for ever where the carrier knows no more than its user. */
  readonly ending: () => WireEnding | undefined;
  /** How it will end where it is the carrier from which nothing comes any more, too short a time yet to give it up; else undefined. */
  readonly silence: () => WireEnding | undefined;
}

/** How long a goodbye may take to be sent; after that the connection goes without. */
const GOODBYE_MS = 250;

/** A TCP socket as a wire: the SSH client gets the socket itself. */
export function tcpWire(socket: Socket): Wire {
  return {
    stream: socket,
    bytesReceived: () => socket.bytesRead,
    isGone: () => socket.destroyed,
    destroy: () => socket.destroy(),
    finish: () => socket.destroySoon(),
    ending: () => undefined,
    silence: () => undefined,
  };
}

/** The goodbye to a host that behaved. From any other one the wire is just taken away. */
export function hangUp(client: Client, wire: Wire): void {
  if (wire.isGone()) {
    wire.destroy();
    return;
  }
  try {
    client.end();
  } catch {
    wire.destroy();
    return;
  }
  const timer = setTimeout(() => wire.destroy(), GOODBYE_MS);
  wire.stream.once('close', () => clearTimeout(timer));
  wire.finish();
}
