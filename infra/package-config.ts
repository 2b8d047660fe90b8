/**
 * Puts whodisk.yml into the package, when it is built: `package-config.ts BUILD_FOLDER [WHODISK_YML]`. Beside the function that reads it,
 * in `lambda/config/config/`, come whodisk.yml, the inventories that it names, and the known_hosts file that lies beside it; its schedules
 * become resources in `infra/schedules.json`. Without one there are no schedules, and the function finds no configuration in the package.
 */
import { copyFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readConfigText } from '../functions/config/config-text.ts';
import { MOST_CONFIG_BYTES } from '../functions/config/read-config.ts';
import { serviceConfigOf } from '../functions/config/service-sections.ts';
import { filesBeside } from './files-beside.ts';
import { scheduleResources } from './schedule-resources.ts';

const [build = '', file] = process.argv.slice(2);
const problems = file === undefined ? writeSchedules({ Resources: {} }) : packageConfig(file);
for (const problem of problems) process.stderr.write(`whodisk: ${problem}\n`);
process.exitCode = problems.length > 0 ? 2 : 0;

/** @returns what is wrong, sentences */
function packageConfig(configFile: string): readonly string[] {
  if (!existsSync(configFile)) return [`${configFile}: there is no such file.`];
  if (statSync(configFile).size > MOST_CONFIG_BYTES) {
    return [
      `${configFile}: it has more than ${MOST_CONFIG_BYTES / 2 ** 20} MiB: put hosts into inventories, and their keys into known_hosts beside it.`,
    ];
  }
  // Whether the hosts and groups that it names are there is for the function to say: it has EC2, and says it again each minute.
  const read = readConfigText(readFileSync(configFile, 'utf8'), configFile);
  if (read.kind === 'problems') {
    return read.problems.map(
      ({ file: name, line, message }) => `${name}${line === undefined ? '' : `:${line}`}: ${message}`,
    );
  }
  const resources = scheduleResources(serviceConfigOf(read.value, (name) => name).schedules);
  if ('problems' in resources) return resources.problems.map((problem) => `${configFile}: ${problem}`);
  const files = filesBeside(read.value);
  if ('problems' in files) return files.problems.map((problem) => `${configFile}: ${problem}`);

  const [from, to] = [path.dirname(configFile), path.join(build, 'lambda', 'config', 'config')];
  const missing = files.names.filter((name) => !existsSync(path.join(from, name)));
  if (missing.length > 0) return missing.map((name) => `${path.join(from, name)}: there is no such file.`);
  const knownHosts = ['known_hosts'].filter((name) => existsSync(path.join(from, name)));
  const copies: [string, string][] = [
    [path.basename(configFile), 'whodisk.yml'],
    ...[...files.names, ...knownHosts].map((name): [string, string] => [name, name]),
  ];
  for (const [name, target] of copies) {
    mkdirSync(path.dirname(path.join(to, target)), { recursive: true });
    copyFileSync(path.join(from, name), path.join(to, target));
    process.stderr.write(`build/lambda/config/config/${target}\n`);
  }
  return writeSchedules(resources);
}

function writeSchedules(resources: object): readonly string[] {
  mkdirSync(path.join(build, 'infra'), { recursive: true });
  writeFileSync(path.join(build, 'infra', 'schedules.json'), `${JSON.stringify(resources, null, 2)}\n`);
  return [];
}
