/**
 * Names with what differs from host to host and from day to day taken out, so that the same culprit is recognised again.
 * What was taken out is shown as `*`.
 */

// Line comments: the patterns hold the two characters that would end a block comment.
// A file's path without rotation suffix, dates, numbers and ids: /var/log/app.log.3.gz is /var/log/app.log,
// /srv/base/16384/2619 is /srv/base/*/*.
export function normalisePath(path: string): string {
  const parts = path.split('/');
  const name = parts.pop() ?? '';
  return [...parts.map(withoutIds), withoutIds(withoutRotation(name))].join('/');
}

/** A systemd unit without its session or instance number: session-12.scope → session-*.scope. */
export function normaliseUnit(unit: string): string {
  return withoutIds(unit);
}

/** A program without the number of the worker: "worker-12" → "worker-*"; "python3" and "postgres: 16" keep theirs. */
export function normaliseProgram(program: string): string {
  return program.replace(/(?<=[-_#/:])[0-9]+$/u, '*');
}

/** logrotate's and Python's suffixes: .1, .12.gz, -20181205, .2018-12-05; never the whole name. */
function withoutRotation(name: string): string {
  return name.replace(/(?<=.)(?:[.-](?:[0-9]{1,3}|[0-9]{4}-?[0-9]{2}-?[0-9]{2}))(?:\.(?:gz|xz|bz2|zst|lz4))?$/u, '');
}

function withoutIds(part: string): string {
  return part
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/giu, '*')
    .replace(/(?<![0-9a-z])(?=[a-f]*[0-9])[0-9a-f]{12,}(?![0-9a-z])/giu, '*')
    .replace(/[0-9]+/gu, '*')
    .replace(/\*(?:[-_.:]\*)+/gu, '*');
}
