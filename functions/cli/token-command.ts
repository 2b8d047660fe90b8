/** `whodisk token create`, `list` and `revoke`: who may use the HTTP API. */
import type { Asker, AuditRecord } from '../audit-record.ts';
import { issueToken } from '../auth/issue-token.ts';
import { isToken, tokenHash } from '../auth/token.ts';
import { paintFor } from '../render/paint.ts';
import { renderTokens, renderTokensJson, renderTokensPlain } from '../render/tokens.ts';
import { StoreProblem } from '../store/problem.ts';
import type { Store, StoredToken } from '../store/store.ts';
import { ulid } from '../ulid.ts';
import type { TokenCommand } from './commands.ts';
import { USAGE } from './exit-status.ts';
import { openStored, sayStoreProblem } from './open-stored.ts';
import { print } from './print.ts';
import { sayTo } from './say.ts';
import type { Streams } from './streams.ts';
import type { Surroundings } from './surroundings.ts';

/** Resolves to the exit status. */
export async function tokenCommand(
  command: TokenCommand,
  surroundings: Surroundings,
  streams: Streams,
): Promise<number> {
  const opened = await openStored(command, surroundings, streams, { mustExist: command.kind !== 'token-create' });
  if ('exitStatus' in opened) return opened.exitStatus;
  const { store } = opened;
  try {
    const outcome = await carryOut(command, store, surroundings, streams);
    return outcome instanceof StoreProblem ? await sayStoreProblem(outcome, sayTo(streams)) : outcome;
  } finally {
    await store.close();
  }
}

function carryOut(
  command: TokenCommand,
  store: Store,
  surroundings: Surroundings,
  streams: Streams,
): Promise<number | StoreProblem> {
  switch (command.kind) {
    case 'token-create':
      return create(command, store, surroundings, streams);
    case 'token-list':
      return list(command, store, surroundings, streams);
    case 'token-revoke':
      return revoke(command.token, store, surroundings, streams);
    default:
      return command satisfies never;
  }
}

async function create(
  { scope, name }: TokenCommand & { kind: 'token-create' },
  store: Store,
  { user }: Surroundings,
  streams: Streams,
): Promise<number | StoreProblem> {
  const nowMs = Date.now();
  const { token, stored } = issueToken({ id: ulid(nowMs), name: name ?? user, scope, nowMs });
  // A record without its token is a small thing; a token that nobody made is not.
  const problem = (await store.addAudit(record('token-created', stored, user))) ?? (await store.addToken(stored));
  if (problem !== undefined) return problem;
  const status = await print(`${token}\n`, streams);
  await sayTo(streams)(
    `this is the only time that the token is shown. It is called '${stored.name}', has the scope ${scope}, ` +
      `and is good until: whodisk token revoke ${stored.id}`,
  );
  return status;
}

async function list(
  { format }: TokenCommand & { kind: 'token-list' },
  store: Store,
  { columns, colour }: Surroundings,
  streams: Streams,
): Promise<number | StoreProblem> {
  const tokens = await store.tokens();
  if (tokens instanceof StoreProblem) return tokens;
  if (format === 'json') return print(renderTokensJson(tokens), streams);
  if (format === 'plain' || streams.stdout.isTTY !== true) return print(renderTokensPlain(tokens), streams);
  return print(renderTokens(tokens, Date.now(), { width: columns, paint: paintFor(colour) }), streams);
}

async function revoke(
  word: string,
  store: Store,
  { user }: Surroundings,
  streams: Streams,
): Promise<number | StoreProblem> {
  const say = sayTo(streams);
  const tokens = await store.tokens();
  if (tokens instanceof StoreProblem) return tokens;
  const found = tokenCalled(word, tokens);
  if ('problem' in found) {
    await say(found.problem);
    return USAGE;
  }
  const at = new Date();
  const isRevoked = await store.revokeToken(found.hash, at.toISOString());
  if (isRevoked instanceof StoreProblem) return isRevoked;
  const was = isRevoked ? undefined : tokens.find(({ hash }) => hash === found.hash)?.revokedAt;
  if (isRevoked) {
    const problem = await store.addAudit(record('token-revoked', found, user, at.getTime()));
    if (problem !== undefined) {
      await say(`the token '${found.name}' (${found.id}) is revoked, and there is no record of it:`);
      return problem;
    }
  }
  await say(
    isRevoked
      ? `the token '${found.name}' (${found.id}) is revoked: it opens nothing any more`
      : `the token '${found.name}' (${found.id}) was revoked before${was === undefined ? '' : `, at ${was}`}`,
  );
  return 0;
}

/** By its id; by its name, where only one that is in use has it; or the token itself, whoever found it somewhere. */
function tokenCalled(word: string, tokens: readonly StoredToken[]): StoredToken | { readonly problem: string } {
  if (isToken(word)) {
    const hash = tokenHash(word);
    return tokens.find((one) => one.hash === hash) ?? { problem: `this token is not in the store: ${LISTED}` };
  }
  const byId = tokens.find(({ id }) => id === word.toUpperCase());
  if (byId !== undefined) return byId;
  const named = tokens.filter(({ name }) => name === word);
  const inUse = named.filter(({ revokedAt }) => revokedAt === undefined);
  const [only, another] = inUse;
  if (another !== undefined) {
    return {
      problem: `${inUse.length} tokens are called '${word}': name one by its id\n${inUse.map(({ id }) => id).join('\n')}`,
    };
  }
  return only ?? named.at(-1) ?? { problem: `there is no token '${word}': ${LISTED}` };
}

const LISTED = 'whodisk token list shows those that there are';

function record(
  event: 'token-created' | 'token-revoked',
  { id, name, scope }: StoredToken,
  user: string,
  nowMs = Date.now(),
): AuditRecord {
  const by: Asker = { kind: 'cli', user };
  return { event, at: new Date(nowMs).toISOString(), id: ulid(nowMs), by, tokenId: id, token: name, scope };
}
