/** What `--help` says after the options, as data: the manual page is made of it too. */

export interface Example {
  /** As typed in a shell. */
  readonly command: string;
  readonly means?: string;
}

export const EXAMPLES: readonly Example[] = [
  { command: 'whodisk', means: 'triage this machine' },
  { command: 'whodisk root@db-1 root@db-2 web-3:2222', means: 'three hosts over SSH, worst first' },
  { command: "whodisk @db 'web-[01-20]'", means: 'a group of whodisk.yml or of an inventory, and a folded set' },
  { command: 'ansible-inventory --list | whodisk -i - @db' },
  { command: 'whodisk -J bastion -l admin --identity ~/.ssh/fleet db-1 db-2' },
  { command: 'whodisk explain db-1', means: 'the evidence of its newest finding, step by step' },
  {
    command: 'whodisk read top.txt iostat.txt pidstat.txt strace.txt lsof.txt',
    means: 'the same from pasted output, for a host that nobody may log in to; - is stdin',
  },
  { command: 'whodisk diff', means: 'what is new, worse, better and gone since the sweep before' },
  { command: 'whodisk --watch 60 @db', means: 'sweep after sweep, and what changes; Ctrl-C ends it' },
  { command: "whodisk -w 10 --json db-1 | jq '.hosts[0].disks'" },
  { command: 'whodisk --fail-on saturated db-1 || page-somebody' },
  {
    command: 'whodisk serve --listen 127.0.0.1:8470',
    means: 'the same for others: HTTP API, chat, schedules, alerts',
  },
  { command: 'whodisk demo', means: 'a fleet of local hosts to try it on, with the page; no root, nothing to set up' },
  { command: 'sudo whodisk demo --load', means: 'with a disk of this machine that is really saturated meanwhile' },
  { command: 'whodisk token create --scope run --name grafana' },
  { command: 'whodisk audit', means: 'who asked for what, and how it ended' },
  { command: 'whodisk sweep schema', means: 'a host that is called like a command' },
  { command: 'source <(whodisk completion bash)', means: 'what Tab completes, in this shell: also zsh, fish' },
];

/** By exit status (exit-status.ts). */
export const EXIT_MEANINGS: readonly (readonly [status: number, means: string])[] = [
  [0, 'every target swept'],
  [1, 'whodisk itself failed, or nothing was stored'],
  [2, 'usage or configuration'],
  [3, 'some targets not swept'],
  [4, 'none swept'],
  [5, '--fail-on found something'],
  [130, 'interrupted'],
];

const MEANS_AT = 44;
const WIDEST = 110;

/** Both as text of at most 110 columns, with an empty line before each. */
export function helpAfterOptions(): string {
  return `\nExamples:\n${EXAMPLES.map(exampleText).join('')}\nExit status:\n${exitText()}\n`;
}

function exampleText({ command, means }: Example): string {
  const line = `  ${command}`;
  if (means === undefined) return `${line}\n`;
  const gap = line.length + 2 > MEANS_AT ? `\n${' '.repeat(MEANS_AT)}` : ' '.repeat(MEANS_AT - line.length);
  return `${line}${gap}${means}\n`;
}

function exitText(): string {
  const lines: string[] = [];
  for (const [status, means] of EXIT_MEANINGS) {
    const piece = `${status} ${means}`;
    const last = lines.at(-1);
    const longer = last === undefined ? undefined : `${last}    ${piece}`;
    if (longer === undefined || longer.length > WIDEST) lines.push(`  ${piece}`);
    else lines[lines.length - 1] = longer;
  }
  return lines.join('\n');
}
