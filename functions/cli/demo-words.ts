/** What the demo says of itself. */
import { shellWord } from '../../runner/ssh/shell-word.ts';
import { type DemoFleet, LIVE_HOST } from '../demo/demo-fleet.ts';
import type { Load } from '../demo/start-load.ts';
import { encodeText } from '../render/encode.ts';
import type { Service } from '../serve/serve.ts';

/** Before the sweep. */
export function introduction(
  { recorded }: DemoFleet,
  { isLinux, load }: { readonly isLinux: boolean; readonly load: Load | undefined },
): string {
  return [
    'A fleet to try:',
    `  recorded-…    ${recorded} hosts that play recordings of real ones`,
    isLinux
      ? `  ${LIVE_HOST}  this one, as it is now, with your rights`
      : '  (this machine is not among them: whodisk reads Linux)',
    ...(load === undefined ? [] : [`                ${loadWords(load)}`]),
    '',
    '',
  ].join('\n');
}

/** After it. `example` is the host that is worth a closer look; `program` as in Surroundings. */
export function greeting(
  service: Service,
  { state }: DemoFleet,
  {
    isOpened,
    example,
    program = 'whodisk',
  }: { readonly isOpened: boolean; readonly example: string; readonly program: string | undefined },
): string {
  const place = `--state ${encodeText(shellWord(state))}`;
  return [
    '',
    isOpened ? 'The page on it is opened in your browser. Elsewhere, or if it is not:' : 'The page on it:',
    `  ${service.signInLink()}`,
    '  It signs in once, whoever opens it first. Later, take the token in',
    `  ${encodeText(shellWord(service.tokenFile))}`,
    'In another terminal, while this one runs:',
    `  ${program} explain ${example} ${place}`,
    `  ${program} history ${place}`,
    'Ctrl-C ends it, and leaves nothing behind.',
    '',
  ].join('\n');
}

function loadWords({ disk, file, pid }: Load): string {
  return `and with ${disk}, a disk that the demo has made: process ${pid} saturates it, with ${encodeText(file)}`;
}
