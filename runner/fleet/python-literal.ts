/** The value of a variable in an Ansible INI file: Python's literal where it is one, else the text itself (ast.literal_eval). */
import type { VariableValue } from './ansible-variables.ts';

/** Only literals that a used variable can have: numbers, quoted text, truth values and None; a comment may follow them. */
export function readPythonLiteral(text: string): VariableValue {
  const trimmed = text.trim();
  const number = /^[+-]?(?:0|[1-9][0-9]*)(?=\s*(?:#|$))/u.exec(trimmed);
  if (number) return Number(number[0]);
  const word = /^(True|False|None)\s*(?:#.*)?$/u.exec(trimmed)?.[1];
  if (word !== undefined) return word === 'None' ? null : word === 'True';
  const quoted = /^(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')\s*(?:#.*)?$/su.exec(trimmed);
  if (quoted) return (quoted[1] ?? quoted[2] ?? '').replace(/\\(["'\\])/gu, '$1');
  return text;
}
