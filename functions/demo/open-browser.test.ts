import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../test/faults/exchange.ts';
import { browserFor, openIn } from './open-browser.ts';

describe('a browser is opened', () => {
  test.each([
    ['on a desk with X11', { platform: 'linux', env: { DISPLAY: ':0' }, uid: 1000 }, 'xdg-open'],
    ['on a desk with Wayland', { platform: 'linux', env: { WAYLAND_DISPLAY: 'wayland-0' }, uid: 1000 }, 'xdg-open'],
    ['on a Mac', { platform: 'darwin', env: {}, uid: 501 }, 'open'],
    ['not without a display', { platform: 'linux', env: {}, uid: 1000 }, undefined],
    ['not for root', { platform: 'linux', env: { DISPLAY: ':0' }, uid: 0 }, undefined],
    [
      'not at the far end of ssh -X',
      { platform: 'linux', env: { DISPLAY: ':10', SSH_CONNECTION: '::1 1 ::1 22' } },
      undefined,
    ],
    ['not on a Mac that is far away', { platform: 'darwin', env: { SSH_CONNECTION: '::1 1 ::1 22' } }, undefined],
    ['not on a system whose way is not known', { platform: 'freebsd', env: { DISPLAY: ':0' } }, undefined],
  ])('%s', (_, desk, program) => {
    expect(browserFor(desk)).toBe(program);
  });
});

describe('the browser', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'whodisk-browser-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('is led to the link by a file that nobody else can read, and its arguments tell nothing', async () => {
    const browser = join(folder, 'browser');
    const said = join(folder, 'said');
    writeFileSync(browser, `#!/bin/sh\necho "$#:$1" > ${said}.part && mv ${said}.part ${said}\n`, { mode: 0o755 });
    const link = 'http://127.0.0.1:1/sign-in/once/secret-code';
    openIn(browser, link, join(folder, 'open.html'));
    await until(() => existsSync(said), 'the browser', 20_000);
    const [count, url = ''] = readFileSync(said, 'utf8').trim().split(/:(.*)/s);
    expect(count).toBe('1');
    expect(url).not.toContain('secret-code');
    const file = fileURLToPath(url);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).toContain(`content="0; url=${link}"`);
  });

  test('that is not there is no harm: the link is on the terminal too', async () => {
    openIn(join(folder, 'nothing'), 'http://127.0.0.1:1/', join(folder, 'open.html'));
    // An error event that nobody hears would end the process within this time.
    await new Promise((resolve) => setTimeout(resolve, 200));
  });
});
