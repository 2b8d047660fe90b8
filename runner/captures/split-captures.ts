/**
 * A pasted text → its parts, each the output of one tool. A part begins with what only that tool prints, or with the prompt after which
 * the tool was called; whatever comes then is its own until another begins.
 */
import { type CaptureLine, captureLines } from './capture-line.ts';
import { isTool, TOOLS, type Tool } from './tools.ts';

export interface Section {
  readonly tool: Tool;
  /** The words after the tool's name, where its call was pasted too. */
  readonly words?: readonly string[];
  readonly banner?: Banner;
  /** Without the prompt and the banner; never blank ones. */
  readonly lines: readonly CaptureLine[];
}

/** The first line of sysstat's tools: "Linux 5.10.0-8-amd64 (db-7) 11/28/26 _x86_64_ (2 CPU)". */
export interface Banner {
  readonly kernel: string;
  readonly host: string;
}

export interface Split {
  readonly sections: readonly Section[];
  /** Names of hosts in banners and prompts, each with the line that says so. */
  readonly hosts: readonly { readonly host: string; readonly line: CaptureLine }[];
  /** Where not all of it was read, a sentence that says so. */
  readonly cut?: string;
}

const BANNER = /^Linux (\S{1,128}) \(([^()\s]{1,255})\)\s+\S/u;
/** What stands before the sign of a prompt holds no call and no string. */
const PROMPT =
  /^([^$#%>("]{0,100})[$#%>]\s+(?:(?:\w{1,64}=\S{0,64}|sudo|time|timeout|nice|-\S{1,64}|\d{1,9}s?)\s+){0,10}(?:\S{0,64}\/)?([a-z]+)(?:\s+(.*))?$/u;
const OTHER_CALL = /^(?:[^$#%>("]{0,50}@[^$#%>("]{0,50})?[$#]\s+[a-z]/u;
const PROMPT_HOST = /[\w.-]+@([\w.-]+)/u;

/** Titles and prompts are shorter; a call of strace may be longer. */
const MOST_OF_LINE = 1000;

interface Open {
  tool: Tool;
  words?: readonly string[];
  banner?: Banner;
  lines: CaptureLine[];
}

export function splitCaptures(file: string, text: string): Split {
  const sections: Open[] = [];
  const hosts: { host: string; line: CaptureLine }[] = [];
  let current: Open | undefined;
  let banner: Banner | undefined;
  const open = (tool: Tool): Open => {
    const section: Open = { tool, lines: [], ...(banner && { banner }) };
    banner = undefined;
    sections.push(section);
    return section;
  };
  const { lines, cut } = captureLines(file, text);
  for (const line of lines) {
    const head = line.text.slice(0, MOST_OF_LINE);
    const [, kernel, host] = BANNER.exec(head) ?? [];
    if (kernel !== undefined && host !== undefined) {
      banner = { kernel, host };
      hosts.push({ host, line });
      if (current?.lines.length === 0) {
        // A call whose output begins with it.
        current.banner = banner;
        banner = undefined;
      } else current = undefined;
      continue;
    }
    const called = callOf(head);
    if (called) {
      current = open(called.tool);
      current.words = called.words;
      if (called.host !== undefined) hosts.push({ host: called.host, line });
      continue;
    }
    if (OTHER_CALL.test(head)) {
      current = undefined;
      continue;
    }
    const tool = toolOf(head);
    if (tool !== undefined && tool !== current?.tool) current = open(tool);
    current?.lines.push(line);
  }
  return { sections: sections.filter(({ lines }) => lines.length > 0), hosts, ...(cut !== undefined && { cut }) };
}

function callOf(text: string): { tool: Tool; words: string[]; host?: string } | undefined {
  const [, lead = '', name = '', rest = ''] = PROMPT.exec(text) ?? [];
  if (!isTool(name)) return undefined;
  const host = PROMPT_HOST.exec(lead)?.[1];
  // What comes behind a pipe or a redirection is no word of the tool's.
  const [own = ''] = rest.split(/[|<>;&#]/u, 1);
  return { tool: name, words: own.split(/\s+/u).filter(Boolean), ...(host !== undefined && { host }) };
}

const toolOf = (text: string): Tool | undefined =>
  (Object.keys(TOOLS) as Tool[]).find((tool) => TOOLS[tool].begins.some((sign) => sign.test(text)));
