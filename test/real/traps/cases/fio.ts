/** fio as one process, whatever the engine, until it is ended. */
export function fioArgs(file: string, engine: string, ...more: readonly string[]): string[] {
  return [
    '--name=job',
    `--filename=${file}`,
    `--ioengine=${engine}`,
    '--thread',
    '--fallocate=none',
    '--time_based',
    '--runtime=120',
    '--output=/dev/null',
    ...more,
  ];
}
