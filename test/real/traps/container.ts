/** A real container on a guest: crun with namespaces of its own, an overlay whose upper folder is on /data, and a control group. */
import type { Guest } from './guest.ts';

export interface ContainerOptions {
  /** As Docker or the kubelet names it; its last part is the id of the container. */
  readonly cgroup: string;
  /** A shell script, run by busybox inside. */
  readonly script: string;
}

/** Starts it to play a role; the processes in it are the role, crun is not. Answers its upper folder, a path of the guest. */
export async function startContainer(guest: Guest, role: string, options: ContainerOptions): Promise<string> {
  const { cgroup, script } = options;
  const id = cgroup.slice(cgroup.lastIndexOf('/') + 1);
  const folder = `/data/containers/${id}`;
  const image = '/run/image';
  const namespaces = ['pid', 'mount', 'ipc', 'uts', 'network'].map((type) => ({ type }));
  const config = {
    ociVersion: '1.0.0',
    process: { args: ['/bin/sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user: { uid: 0, gid: 0 } },
    root: { path: 'merged' },
    mounts: [
      { destination: '/proc', type: 'proc', source: 'proc' },
      { destination: '/dev', type: 'tmpfs', source: 'tmpfs', options: ['mode=755'] },
    ],
    linux: { cgroupsPath: cgroup, namespaces },
  };
  const lines = [
    `mkdir -p ${image}/bin ${image}/var/log ${image}/proc ${image}/dev`,
    `cp /bin/busybox ${image}/bin/ && for name in sh dd sleep; do ln -sf busybox ${image}/bin/$name; done`,
    `mkdir -p ${folder}/upper ${folder}/work ${folder}/merged`,
    `mount -t overlay -o lowerdir=${image},upperdir=${folder}/upper,workdir=${folder}/work overlay ${folder}/merged`,
    `cat >${folder}/config.json <<'END'`,
    JSON.stringify(config),
    'END',
  ];
  await guest.run(lines.join('\n'));
  guest.afterwards(`crun delete -f ${id}; umount ${folder}/merged`);
  // The root is an overlay itself, and that cannot be pivoted away from everywhere.
  const crun = `exec crun --cgroup-manager=cgroupfs run --no-pivot --bundle ${folder} ${id}`;
  await guest.start(role, crun, { group: true });
  return `${folder}/upper`;
}
