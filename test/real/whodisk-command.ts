/** Runs whodisk as a user would, and reads the report that it prints with --json. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Report, reportSchema, type VisitedHost } from '../../runner/report.ts';
import type { Disk } from '../../runner/triage/finding.ts';

export const WHODISK = fileURLToPath(new URL('../../bin/whodisk.js', import.meta.url));

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Nothing that a test finds belongs among what the developer has found. */
const stateHome = mkdtempSync(join(tmpdir(), 'whodisk-state-'));
process.on('exit', () => rmSync(stateHome, { recursive: true, force: true }));

export function runWhodisk(
  args: readonly string[],
  more: { cwd?: string; input?: string; env?: Readonly<Record<string, string>> } = {},
): Promise<Said> {
  return new Promise((resolve) => {
    const options = {
      maxBuffer: 64 * 1024 * 1024,
      timeout: 60_000,
      killSignal: 'SIGKILL',
      env: { ...process.env, XDG_STATE_HOME: stateHome, ...more.env },
      ...(more.cwd !== undefined && { cwd: more.cwd }),
    } as const;
    const child = execFile(process.execPath, [WHODISK, ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
    });
    child.stdin?.on('error', () => {});
    child.stdin?.end(more.input);
  });
}

/** The report in what was said, checked against its schema; throws with what was said instead. */
export function reportOf(said: Said): Report {
  try {
    return reportSchema.parse(JSON.parse(said.stdout));
  } catch (error) {
    throw new Error(`no report (exit ${said.code}): ${said.stderr}\n${said.stdout.slice(0, 2000)}`, { cause: error });
  }
}

export function hostOf(report: Report, name: string): Report['hosts'][number] {
  const host = report.hosts.find((candidate) => candidate.host === name);
  if (host === undefined) throw new Error(`no host ${name} in ${report.hosts.map((each) => each.host).join(', ')}`);
  return host;
}

export function diskOf(host: VisitedHost, device: string): Disk {
  const disk = host.disks.find((candidate) => candidate.device === device);
  if (disk === undefined) {
    const seen = host.disks.map((each) => each.device).join(', ');
    throw new Error(`no disk ${device} on ${host.host} (${host.status}, ${host.summary}) in: ${seen}`);
  }
  return disk;
}
