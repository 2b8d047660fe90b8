/** A ProxyCommand (ssh_config(5)) as a wire: its stdin and stdout are the connection. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { Duplex } from 'node:stream';
import { endGroup, noteGroup } from './process-groups.ts';
import type { Wire, WireEnding } from './wire.ts';

/** Of what it says on stderr this much is kept; it is drained to its end. */
const MAX_STDERR_BYTES = 4096;
/** Of that this much is shown, its end: the error comes behind the warnings. */
const MAX_SAID_CHARACTERS = 200;
/** How long its exit and its last words may come behind the end of its stdout. */
const LAST_WORDS_MS = 250;

/**
 * Starts it, as ssh does with `exec`, in a process group of its own, which is killed when the wire is destroyed. A command that
 * cannot be started is a wire that ends at once.
 *
 * @param command for /bin/sh, its tokens expanded
 */
export function startProxyCommand(command: string): Wire {
  const stream = new CommandStream(command);
  return {
    stream,
    bytesReceived: () => stream.bytesReceived,
    isGone: () => stream.destroyed,
    destroy: () => void stream.destroy(),
    // The command hears it as the end of its stdin and ends by itself, or is ended: hangUp() waits no longer than for a goodbye.
    finish: () => void stream.end(),
    ending: () => stream.ending(),
    silence: () => undefined,
  };
}

class CommandStream extends Duplex {
  bytesReceived = 0;
  readonly #child: ChildProcessWithoutNullStreams;
  #stderr = Buffer.alloc(0);
  #how: string | undefined;
  #startError: Error | undefined;
  #isOver = false;

  constructor(command: string) {
    // Where the command has ended there is nobody to write to: the stream ends as a whole, which is what makes it emit 'close'.
    super({ allowHalfOpen: false });
    this.on('error', () => {});
    this.pause();
    // In a session of its own it cannot ask a person for a password, who would see many such questions at once.
    this.#child = spawn('/bin/sh', ['-c', `exec ${command}`], { detached: true, stdio: 'pipe' });
    noteGroup(this.#child);
    this.#child.on('error', (error) => {
      this.#startError ??= error;
      this.#over();
    });
    // Without a free descriptor there is a child without pipes, whatever its type says.
    if (this.#child.stdout !== undefined) this.#listen();
  }

  ending(): WireEnding | undefined {
    if (!this.#isOver) return undefined;
    const how = this.#startError === undefined ? (this.#how ?? 'closed its stdout') : startFailure(this.#startError);
    const stderr = this.#stderr.toString('utf8');
    const lines = stderr.split(/[\r\n]+/);
    const said = lines.filter((line) => line.trim() !== '').join('; ');
    const shown = said.length <= MAX_SAID_CHARACTERS ? said : `…${said.slice(1 - MAX_SAID_CHARACTERS)}`;
    return { kind: 'command-ended', how, said: shown, stderr };
  }

  override _read(): void {
    this.#child.stdout?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    const { stdin } = this.#child;
    // What a command no longer reads is lost; that it ended is told by its stdout.
    if (stdin === undefined || !stdin.writable) done();
    else stdin.write(chunk, () => done());
  }

  override _final(done: () => void): void {
    const { stdin } = this.#child;
    if (stdin === undefined || !stdin.writable) done();
    else stdin.end(() => done());
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#child.stderr?.destroy();
    endGroup(this.#child);
    done(error);
  }

  #listen(): void {
    const { stdin, stdout, stderr } = this.#child;
    stdin.on('error', () => {});
    stdout.on('error', () => {});
    stderr.on('error', () => {});
    stdout.on('data', (chunk: Buffer) => {
      this.bytesReceived += chunk.length;
      if (!this.push(chunk)) stdout.pause();
    });
    stderr.on('data', (chunk: Buffer) => {
      this.#stderr = Buffer.concat([this.#stderr, chunk]).subarray(-MAX_STDERR_BYTES);
    });
    this.#child.on('exit', (code, signal) => {
      this.#how = code === null ? `was ended by ${signal}` : `ended with status ${code}`;
    });
    stdout.on('end', () => {
      const timer = setTimeout(() => this.#over(), LAST_WORDS_MS);
      this.#child.once('close', () => {
        clearTimeout(timer);
        this.#over();
      });
    });
  }

  #over(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (!this.destroyed) this.push(null);
  }
}

function startFailure({ message }: Error): string {
  return `could not be started: ${message}`;
}
