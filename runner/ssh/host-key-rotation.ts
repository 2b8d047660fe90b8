/** Leaves out a courtesy of ssh2 that would cost the hosts CPU. */
import type { Client } from 'ssh2';

/**
 * sshd tells all its host keys after a log-in, and ssh2 has it prove each of them (hostkeys-prove-00@openssh.com): three
 * signatures on a host that may be saturated, for keys that we do not store. ssh2 leaves that out for servers that it does not
 * take for OpenSSH, and there is no option for it.
 */
export function dropHostKeyRotation(client: Client): void {
  Object.defineProperty(client, '_remoteVer', { value: 'host-key-rotation-unwanted', writable: true });
}
