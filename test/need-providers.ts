import { accessSync, constants, readFileSync } from 'node:fs';
import { findBlockGroups, groupsProblem } from '../functions/demo/block-groups.ts';

/** How to tell that something is here, and how to get it: a Debian package, or a command or thing in words. */
type Provider = { present: () => boolean; debian: string } | { present: () => boolean; otherwise: string };

const PROVIDERS = {
  root: { present: () => process.getuid?.() === 0, otherwise: 'sudo npm test' },
  linux: { present: () => process.platform === 'linux', otherwise: 'a Linux machine' },
  'cgroup-v1-blkio': {
    present: () => exists('/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device'),
    otherwise: 'a kernel with cgroup v1 blkio throttling at /sys/fs/cgroup/blkio',
  },
  'cgroup-io-limits': {
    present: () => groupsProblem(findBlockGroups(readFileSync('/proc/self/mountinfo', 'utf8'))) === undefined,
    otherwise: 'control groups that limit I/O: cgroup v1 blkio, or echo +io > /sys/fs/cgroup/cgroup.subtree_control',
  },
  'ansible-core': debian('ansible-core', 'ansible-inventory'),
  bash: debian('bash'),
  busybox: debian('busybox'),
  chromium: debian('chromium'),
  clustershell: debian('clustershell', 'clush'),
  dash: debian('dash'),
  'default-jdk-headless': debian('default-jdk-headless', 'java', 'javac'),
  debootstrap: debian('debootstrap'),
  'dropbear-bin': debian('dropbear-bin', 'dropbear'),
  e2fsprogs: debian('e2fsprogs', 'mkfs.ext4'),
  fio: debian('fio'),
  fish: debian('fish'),
  gawk: debian('gawk'),
  gcc: debian('gcc'),
  gzip: debian('gzip'),
  'iotop-c': debian('iotop-c', 'iotop'),
  iproute2: debian('iproute2', 'ip'),
  'libc6-dev': debian('libc6-dev', '/usr/include/stdio.h'),
  lsof: debian('lsof'),
  mawk: debian('mawk'),
  mount: debian('mount', 'mount', 'losetup'),
  'openssh-client': debian('openssh-client', 'ssh', 'ssh-keygen', 'ssh-agent'),
  'openssh-server': debian('openssh-server', 'sshd'),
  openssl: debian('openssl'),
  passwd: debian('passwd', 'useradd', 'userdel'),
  postgresql: debian('postgresql', 'psql', 'pgbench', '/usr/lib/postgresql'),
  procps: debian('procps', 'ps', 'sysctl'),
  'prometheus-alertmanager': debian('prometheus-alertmanager'),
  python3: debian('python3'),
  rsync: debian('rsync'),
  shellcheck: debian('shellcheck'),
  sqlite3: debian('sqlite3'),
  strace: debian('strace'),
  sudo: debian('sudo'),
  sysstat: debian('sysstat', 'pidstat'),
  tar: debian('tar'),
  tmux: debian('tmux'),
  unzip: debian('unzip'),
  'uml-utilities': debian('uml-utilities', 'tunctl'),
  'user-mode-linux': debian('user-mode-linux', 'linux.uml'),
  'util-linux': debian('util-linux', 'nsenter', 'setpriv', 'unshare'),
  zsh: debian('zsh'),
} satisfies Record<string, Provider>;

/** What a test may need beyond Node and the packages of `npm ci`: root, a property of the system, or a Debian package. */
export type Need = keyof typeof PROVIDERS;

/** The commands that provide needs: packages in one apt-get line, then the rest, root last, each once. */
export function howToGet(missing: readonly Need[]): string[] {
  const providers: Provider[] = [...new Set(missing)].map((need) => PROVIDERS[need]);
  const packages = providers.flatMap((provider) => ('debian' in provider ? [provider.debian] : []));
  const others = providers.flatMap((provider) => ('otherwise' in provider ? [provider.otherwise] : []));
  return [...(packages.length > 0 ? [`sudo apt-get install ${packages.sort().join(' ')}`] : []), ...others];
}

/** Whether this machine has it. */
export function isPresent(need: Need): boolean {
  return PROVIDERS[need].present();
}

/** Present when all the programs are (by default the one called as the package is); an absolute path need only exist. */
function debian(name: string, ...programs: string[]): Provider & { debian: string } {
  const wanted = programs.length === 0 ? [name] : programs;
  return {
    present: () => wanted.every((what) => (what.startsWith('/') ? exists(what) : isProgram(what))),
    debian: name,
  };
}

function isProgram(name: string): boolean {
  // A user's PATH often lacks the system's folders, where sshd and losetup are.
  const folders = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/sbin'];
  return folders.some((folder) => exists(`${folder}/${name}`, constants.X_OK));
}

function exists(path: string, mode = constants.F_OK): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}
