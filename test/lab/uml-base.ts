/**
 * What every User-Mode Linux host shares: the root folder (Debian's base system with sshd), the init script and the
 * library that makes its disk slow. Built once, kept in a cache folder of this user, used read-only.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Need } from '../need-providers.ts';

const execute = promisify(execFile);

const PACKAGES = ['openssh-server', 'iproute2', 'kmod', 'procps', 'busybox-static', 'crun', 'nfs-kernel-server'];
/** To be changed with `bootstrap`, so that roots in the cache that were made otherwise are not used. */
const RECIPE = '1';
/** Where Debian's package user-mode-linux puts the kernel's modules. */
const MODULES = '/usr/lib/uml/modules';

/** What the hosts need; openssh-client both to make their keys and to run commands on them. */
export const UML_NEEDS = [
  'root',
  'user-mode-linux',
  'debootstrap',
  'gcc',
  'libc6-dev',
  'e2fsprogs',
  'iproute2',
  'util-linux',
  'bash',
  'openssh-client',
] as const satisfies Need[];

export interface UmlBase {
  /** The root folder for hostfs. */
  readonly root: string;
  /** The init script, as a path inside the root. */
  readonly init: string;
  /** The LD_PRELOAD library. */
  readonly limiter: string;
}

/** The cache folder; refuses one that another user could have filled. */
function cacheFolder(): string {
  const folder = join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'whodisk-test');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.() || (stat.mode & 0o077) !== 0) {
    throw new Error(`${folder} is not a folder of this user alone (mode 0700): remove it`);
  }
  return folder;
}

function hash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12);
}

/** Makes `target` by filling a temporary folder and renaming it, so that a killed or a second builder does no harm. */
async function once(target: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  if (existsSync(target)) return target;
  const unfinished = mkdtempSync(`${target}.tmp-`);
  try {
    await make(unfinished);
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    // Another builder was faster: its result is as good.
    if (!existsSync(target)) throw error;
  }
  return target;
}

async function bootstrap(root: string): Promise<void> {
  const release = readFileSync('/etc/os-release', 'utf8');
  const suite = /^VERSION_CODENAME=(.+)$/m.exec(release)?.[1] ?? 'stable';
  const targets = await execute('apt-get', ['indextargets', '--format', '$(SITE)', 'Created-By: Packages']);
  const mirror = targets.stdout.split('\n')[0];
  if (!mirror) throw new Error('apt knows no package lists: run apt-get update first');
  const include = `--include=${PACKAGES.join(',')}`;
  await execute('debootstrap', ['--variant=minbase', include, suite, root, mirror], { maxBuffer: 64 * 1024 * 1024 });
  mkdirSync(join(root, 'usr/lib/modules'), { recursive: true });
  cpSync(MODULES, join(root, 'usr/lib/modules'), { recursive: true });
  mkdirSync(join(root, 'data'));
  mkdirSync(join(root, 'root/.ssh'), { mode: 0o700 });
  for (const name of readdirSync(join(root, 'etc/ssh'))) {
    if (name.startsWith('ssh_host_')) rmSync(join(root, 'etc/ssh', name));
  }
  rmSync(join(root, 'var/cache/apt/archives'), { recursive: true, force: true });
  rmSync(join(root, 'var/lib/apt/lists'), { recursive: true, force: true });
  appendFileSync(
    join(root, 'etc/ssh/sshd_config.d/lab.conf'),
    'UseDNS no\nPasswordAuthentication no\nHostKey /etc/ssh/ssh_host_ed25519_key\n',
  );
  writeFileSync(join(root, 'etc/resolv.conf'), '');
  chmodSync(root, 0o755);
}

/** Builds what is missing in the cache (35 s the first time) and says where it is. */
export async function umlBase(): Promise<UmlBase> {
  const cache = cacheFolder();
  const kernel = readdirSync(MODULES).join(' ');
  const root = await once(join(cache, `root-${hash(kernel, RECIPE, ...PACKAGES)}`), bootstrap);

  const initText = readFileSync(new URL('./uml/init.sh', import.meta.url), 'utf8');
  const init = `/sbin/init-${hash(initText)}`;
  await once(join(root, init), async (folder) => {
    // A folder again, because `once` renames folders; the script inside it is the init.
    writeFileSync(join(folder, 'init'), initText, { mode: 0o755 });
  });

  const source = new URL('./uml/ubdlimit.c', import.meta.url).pathname;
  const limiter = await once(join(cache, `ubdlimit-${hash(readFileSync(source, 'utf8'))}`), async (folder) => {
    await execute('gcc', ['-O2', '-Wall', '-Werror', '-shared', '-fPIC', '-o', join(folder, 'ubdlimit.so'), source]);
  });
  return { root, init: `${init}/init`, limiter: join(limiter, 'ubdlimit.so') };
}
