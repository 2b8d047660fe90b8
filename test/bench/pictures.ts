/**
 * The pictures of the README, in docs/pictures: whodisk on this machine, and the page of its demo, while a program logs 40 MB at a time to
 * a disk that is held at 20 MB/s. The other hosts of the demo are called "recorded" there, as they are.
 *
 *     sudo npm run pictures
 */
import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LIVE_HOST } from '../../functions/demo/demo-fleet.ts';
import { terminalScreen } from '../../scripts/terminal-screen.ts';
import { terminalSvg } from '../../scripts/terminal-svg.ts';
import { run } from '../lab/kernel.ts';
import { withLab } from '../lab/session.ts';
import { createSlowDisk, mount } from '../lab/slow-disk.ts';
import { fsyncVictim, startProgram } from '../lab/workloads.ts';
import { startChromium } from '../page/chromium.ts';

const MIB = 1024 * 1024;
const COLUMNS = 112;
const MOUNTPOINT = '/srv/shop';
const PICTURES = fileURLToPath(new URL('../../docs/pictures', import.meta.url));
const PROGRAM = fileURLToPath(new URL('../lab/programs/rotating_logger.py', import.meta.url));
const WHODISK = fileURLToPath(new URL('../../bin/whodisk.js', import.meta.url));

if (existsSync(MOUNTPOINT)) throw new Error(`${MOUNTPOINT} is there already: this would mount a disk on it`);
const state = mkdtempSync(join(tmpdir(), 'whodisk-pictures-'));
const env = { ...process.env, XDG_STATE_HOME: state };
mkdirSync(PICTURES, { recursive: true });
try {
  await withLab(async (lab) => {
    const disk = createSlowDisk(lab, { bytesPerSecond: 20 * MIB });
    run('umount', disk.mountpoint);
    mount(lab, disk.device, MOUNTPOINT);
    const program = join(lab.folder, 'orders.py');
    copyFileSync(PROGRAM, program);
    const log = join(MOUNTPOINT, 'orders.log');
    await startProgram(lab, 'python3', [program, log, String(40 * MIB), String(400 * MIB)], true);
    await fsyncVictim(lab, join(MOUNTPOINT, 'index.db'));
    // Until the page cache has taken what it takes, and the disk has to bear the rest.
    await new Promise((resolve) => setTimeout(resolve, 20_000));
    await terminalPicture('verdict.svg', []);
    await terminalPicture('explain.svg', ['explain', hostname()]);
    await pagePictures();
  });
} finally {
  if (existsSync(MOUNTPOINT)) rmdirSync(MOUNTPOINT);
  rmSync(state, { recursive: true, force: true });
}

async function terminalPicture(file: string, words: readonly string[]): Promise<void> {
  const title = ['npx whodisk', ...words].join(' ');
  const screen = await terminalScreen([process.execPath, WHODISK, ...words], { columns: COLUMNS, env });
  // Whose build of the kernel it is concerns nobody.
  const shown = screen.replace(/(\d+\.\d+\.\d+)-[\w.+-]+(?=[,; \n])/gu, '$1');
  const text = `\u001b[1m$ ${title}\u001b[0m\n${shown}`;
  writeFileSync(join(PICTURES, file), terminalSvg(text, { title, columns: COLUMNS }));
}

async function pagePictures(): Promise<void> {
  const demo = spawn(process.execPath, [WHODISK, 'demo', '--no-open'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => demo.once('close', resolve));
  try {
    const link = await new Promise<string>((resolve, reject) => {
      let said = '';
      demo.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const [found] = /http:\/\/\S+\/sign-in\/once\/\S+/u.exec(said) ?? [];
        if (found !== undefined) resolve(found);
      });
      void ended.then(() => reject(new Error(`the demo ended:\n${said}`)));
    });
    const looker = await startChromium(new URL(link).origin);
    try {
      const page = await looker.open({ viewport: { width: 1000, height: 760 }, colorScheme: 'light' });
      await page.goto(link);
      await page.getByRole('link', { name: LIVE_HOST }).first().waitFor();
      await page.screenshot({ path: join(PICTURES, 'page.png') });
      await page.getByRole('link', { name: LIVE_HOST }).first().click();
      await page.getByRole('heading', { name: 'Evidence' }).waitFor();
      await page.screenshot({ path: join(PICTURES, 'page-host.png') });
    } finally {
      await looker.close();
    }
  } finally {
    demo.kill('SIGINT');
    await ended;
  }
}
