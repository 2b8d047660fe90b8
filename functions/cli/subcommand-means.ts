/** Each command in a few words, for shells and for the manual page. */
import type { Subcommand } from './command-line.ts';

export const SUBCOMMAND_MEANS: Readonly<Record<Subcommand, string>> = {
  sweep: 'look at hosts, worst first; what whodisk does without a command',
  explain: "the whole chain of evidence of a host's newest finding",
  history: 'earlier sweeps, or those of one host',
  diff: 'what is new, worse, better and gone between two sweeps',
  read: 'the same triage from pasted output of top, iostat, pidstat, strace and lsof',
  serve: 'the HTTP API, the page, chat, schedules and alerts on this machine',
  demo: 'a fleet of local hosts to try it on, with the page',
  token: 'who may use the HTTP API: create, list, revoke',
  audit: 'who asked for what, and how it ended',
  store: 'make the table that --store dynamodb:TABLE uses',
  schema: 'the JSON Schema of the report, or of whodisk.yml',
  completion: 'print the completion script of bash, zsh or fish',
  help: 'print the help',
};
