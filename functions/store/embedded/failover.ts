/**
 * How the DynamoDB client reaches the embedded store: in this process where it is held here, else through the holder's socket. A holder
 * that is gone, in the middle of a request too, is replaced: the request is asked again of the next one, which may be this process. That
 * is safe, since asked twice every request of ours leaves what it leaves when asked once.
 *
 * It has the shape of the AWS SDK's request handler, below which there is only the network.
 */
import { Agent } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { STORE_PROBLEM_KINDS, StoreFailure, StoreProblem, type StoreProblemKind } from '../problem.ts';
import { askHolder } from './ask-holder.ts';
import type { Answer } from './engine.ts';
import { type Holder, takeHold } from './holder.ts';
import { LONGEST_SOCKET_NAME, MOVED_STATUS, SOCKET_NAME } from './seat.ts';
import { openSocketFolder } from './socket-folder.ts';

export interface FailoverHandler {
  /** @throws StoreFailure; AbortError where `abortSignal` ends the search for a holder */
  handle(request: SdkRequest, options?: { abortSignal?: unknown }): Promise<{ response: SdkResponse }>;
  /** Whether this process has the store, or is about to open it: then nobody else can be what a request waits for. */
  isHolder(): boolean;
  /** What a person should know: what was set aside, and where it is. */
  notes(): string[];
  /** Hands the store over, where this process holds it. */
  release(): Promise<void>;
}

interface SdkRequest {
  readonly headers: Record<string, string>;
  readonly body?: unknown;
}

interface SdkResponse {
  statusCode: number;
  headers: Record<string, string>;
  body: Uint8Array;
}

/** @param folder a private folder (state-folder.ts), by its real path */
export function failoverHandler(folder: string, nowMs: () => number): FailoverHandler | StoreProblem {
  const sockets = openSocketFolder(folder, LONGEST_SOCKET_NAME);
  if (sockets instanceof StoreProblem) return sockets;
  const socketPath = sockets.addressOf(SOCKET_NAME);
  const agent = new Agent({ keepAlive: true, maxSockets: MOST_CONNECTIONS });
  const notes: string[] = [];
  let holder: Holder | undefined;
  let seating: Promise<void> | undefined;
  let isReleased = false;

  /** One try; undefined where nobody answered it. */
  async function attempt(
    operation: string,
    body: string,
    signal: AbortSignal | undefined,
  ): Promise<Answer | undefined> {
    const asked = holder;
    const answer = asked
      ? await asked.answer(operation, body)
      : await askHolder({ socketPath, agent, operation, body, signal });
    if (answer && answer.status !== MOVED_STATUS) return answer;
    if (answer) noteFrom(answer);
    // Requests that lost the same holder look for the next one together: each hold is to be released once.
    if (holder === asked && !isReleased) {
      seating ??= seatAnew(asked).finally(() => {
        seating = undefined;
      });
    }
    await seating;
    return undefined;
  }

  async function seatAnew(lost: Holder | undefined): Promise<void> {
    holder = undefined;
    await lost?.release();
    const next = await takeHold(folder, nowMs);
    if (next instanceof StoreProblem) throw new StoreFailure(next);
    if (next === 'held') return;
    notes.push(...next.notes);
    if (isReleased) await next.release();
    else holder = next;
  }

  function noteFrom({ body }: Answer): void {
    const moved = z.object({ note: z.string() }).safeParse(JSON.parse(body));
    if (moved.success) notes.push(moved.data.note);
  }

  return {
    async handle({ headers, body }, options) {
      const signal = options?.abortSignal instanceof AbortSignal ? options.abortSignal : undefined;
      const operation = (headers['x-amz-target'] ?? '').replace(/^.*\./, '');
      const text = textOf(body);
      for (let tries = 0; ; tries++) {
        signal?.throwIfAborted();
        if (isReleased) throw new StoreFailure(new StoreProblem('closed', 'the store was closed', 'open it again'));
        const answer = await attempt(operation, text, signal);
        if (answer) return { response: responseOf(answer) };
        if (holder) continue;
        // Full jitter, so that those who lost the same holder do not ask for its lock in step.
        await sleep(
          Math.random() * Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries),
          undefined,
          signal && { signal },
        );
      }
    },
    isHolder: () => holder !== undefined || seating !== undefined,
    notes: () => [...new Set(notes)],
    async release() {
      isReleased = true;
      await seating?.catch(() => {});
      const last = holder;
      holder = undefined;
      await last?.release();
      agent.destroy();
      sockets.close();
    },
  };
}

/** The SDK hands over bytes that warn when they are taken for a string. */
function textOf(body: unknown): string {
  if (!(body instanceof Uint8Array)) return String(body ?? '');
  return Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString();
}

const MOST_CONNECTIONS = 4;
const FIRST_PAUSE_MS = 8;
const MOST_PAUSE_MS = 200;

const problemSchema = z.object({
  problem: z.object({
    kind: z.enum(Object.keys(STORE_PROBLEM_KINDS) as [StoreProblemKind, ...StoreProblemKind[]]),
    message: z.string(),
    mend: z.string(),
  }),
});

/** @throws StoreFailure where the holder says that its database fails */
function responseOf({ status, body }: Answer): SdkResponse {
  if (status === 500) {
    const said = problemSchema.safeParse(JSON.parse(body));
    if (said.success) {
      const { kind, message, mend } = said.data.problem;
      throw new StoreFailure(new StoreProblem(kind, message, mend));
    }
  }
  return { statusCode: status, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: Buffer.from(body) };
}
