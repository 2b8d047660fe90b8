import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SshContext } from '../../runner/ssh/context.ts';
import type { Destination } from '../../runner/ssh/destination.ts';
import { sshTransport } from '../../runner/ssh/session.ts';
import { visitHost } from '../../runner/visit.ts';
import { exchangeWith, until } from '../faults/exchange.ts';
import { needs } from '../needs.ts';
import { DROPBEAR_NEEDS, startDropbear } from './dropbear-server.ts';
import { contextOf, destinationOf, through } from './routes.ts';
import { childrenOf, freePort, makeKey, type Sshd, startSshd } from './sshd.ts';

const need = needs(...DROPBEAR_NEEDS, 'openssh-server');

describe.skipIf(need.skip)('a host that runs dropbear', () => {
  let dropbear: Sshd;
  let sshd: Sshd;
  let context: SshContext;

  beforeAll(async () => {
    dropbear = await startDropbear();
    sshd = await startSshd({ user: {} });
    context = await contextOf([dropbear, sshd]);
  });
  afterAll(async () => {
    context?.close();
    await dropbear?.stop();
    await sshd?.stop();
  });

  const visit = (destination: Destination) =>
    visitHost(
      { name: 'router' },
      sshTransport(destination, context),
      { windowSeconds: 1, deadlineSeconds: 20, privilege: 'auto', args: false },
      new AbortController().signal,
    );

  test('is visited as a whole', async () => {
    const host = await visit(destinationOf(dropbear));
    expect(host.failure).toBeUndefined();
    expect(host).toMatchObject({ status: 'swept', privilege: 'user', address: '127.0.0.1', port: dropbear.port });
    expect(host.kernel).toBeTruthy();
    await until(() => childrenOf(dropbear.pid).length === 0, 'the end of the session');
  });

  test('is visited behind a bastion with OpenSSH, and is itself one', async () => {
    const behind = await visit(destinationOf(dropbear, through(destinationOf(sshd))));
    expect(behind).toMatchObject({ status: 'swept' });
    const over = await visit(destinationOf(sshd, through(destinationOf(dropbear))));
    expect(over).toMatchObject({ status: 'swept' });
  });

  test('refuses a key that it does not know, and a host key that is not its own is refused', async () => {
    const other = `${sshd.folder}/other`;
    makeKey(other);
    const refused = await exchangeWith(destinationOf(dropbear, undefined, { identityFiles: [other] }), context);
    expect(refused.failure).toMatchObject({ phase: 'auth', kind: 'auth-refused' });
    const pins = [sshd.hostKeyLine.split(' ').slice(1).join(' ')];
    const changed = await exchangeWith(destinationOf(dropbear, undefined, { pins }), context);
    expect(changed.failure).toMatchObject({ phase: 'hostkey', kind: 'hostkey-changed' });
  });

  test('as a bastion tells that nothing listens behind it', async () => {
    const via = through(destinationOf(dropbear));
    const outcome = await exchangeWith(destinationOf(sshd, via, { port: await freePort() }), context);
    expect(outcome.failure?.phase).toBe('connect');
    expect(['refused', 'unreachable']).toContain(outcome.failure?.kind);
  });
});
