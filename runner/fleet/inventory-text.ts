/** Which kind of inventory a text is, told from what it holds, and what it describes. */
import { isIPv6 } from 'node:net';
import { holdsKey, isMarkedKey } from '../ssh/secret-text.ts';
import { isAnsibleSection, readAnsibleIni } from './ansible-ini.ts';
import { readAnsibleList } from './ansible-list.ts';
import { readAnsibleYaml } from './ansible-yaml.ts';
import type { InventoryRead } from './inventory.ts';
import { readPlainList } from './plain-list.ts';

type InventoryKind =
  | 'private-key'
  | 'public-key'
  | 'program'
  | 'ansible-list'
  | 'ansible-yaml'
  | 'ansible-ini'
  | 'plain-list';

/** Enough to tell the kind; a plain list that turns into something else behind it is malformed. */
const LOOKED_AT_CHARACTERS = 1024 * 1024;
const YAML_NAME = /\.ya?ml$/iu;

/** @param file the name for messages, '<stdin>' for standard input */
export function readInventory(text: string, file: string): InventoryRead {
  const problem = (message: string): InventoryRead => ({ kind: 'problems', problems: [{ file, message }] });
  const kind = kindOf(text, file);
  switch (kind) {
    case 'private-key':
      return problem('this is a private key, or holds one, and is no inventory: a key is given with --identity.');
    case 'public-key':
      return problem('this is a public key, not an inventory: the private key belonging to it goes with --identity.');
    case 'program':
      return problem(
        'this is a program, and none is run here: run it and give its answer, ansible-inventory -i FILE --list | whodisk -i -',
      );
    case 'ansible-list':
      return readAnsibleList(text, file);
    case 'ansible-yaml':
      return readAnsibleYaml(text, file);
    case 'ansible-ini':
      return readAnsibleIni(text, file);
    case 'plain-list':
      return readPlainList(text, file);
    default:
      return kind satisfies never;
  }
}

function kindOf(text: string, file: string): InventoryKind {
  const start = text.slice(0, LOOKED_AT_CHARACTERS).replace(/^\uFEFF/u, '');
  // Among the variables of JSON a key may stand; nothing of these is ever repeated.
  if (/^\s*\{/u.test(start)) return 'ansible-list';
  if (isMarkedKey(text)) return 'private-key';
  if (
    /^\s*(?:-----BEGIN [A-Z0-9 ]*PUBLIC KEY|---- BEGIN SSH2 PUBLIC KEY|(?:ssh|ecdsa|sk-ssh|sk-ecdsa)-[a-z0-9@.-]+ AAAA)/u.test(
      start,
    )
  ) {
    return 'public-key';
  }
  if (start.startsWith('#!')) return 'program';

  const lines = start.split(/\r\n|\n|\r/u).map((line) => line.trim());
  const meant = lines.filter((line) => line !== '' && !line.startsWith('#') && !line.startsWith(';'));
  const [first = ''] = meant;
  if (YAML_NAME.test(file) || /^(?:---|%YAML)(?:\s|$)/u.test(first) || isYamlKey(first)) return 'ansible-yaml';
  if (meant.some(isIni)) return 'ansible-ini';
  return holdsKey(start) ? 'private-key' : 'plain-list';
}

/** 'all:' or 'plugin: name'; no host is followed by a colon and nothing. */
function isYamlKey(line: string): boolean {
  return /^(?:[^\s'"[\]{}=:]+|"[^"]*"|'[^']*')\s*:(?:\s|$)/u.test(line);
}

function isIni(line: string): boolean {
  if (line.startsWith('[') && isIPv6(line.slice(1, line.indexOf(']')))) return false;
  return (
    isAnsibleSection(line) || /\s[A-Za-z_]\w*=/u.test(line) || /\[[0-9a-zA-Z]*:[0-9a-zA-Z]+(?::[0-9]+)?\]/u.test(line)
  );
}
