/** Whether a target that whodisk.yml names is of the inventory: the service dials nothing else. */
import type { Inventory } from '../../runner/fleet/inventory.ts';
import { selectHosts } from '../../runner/fleet/select-hosts.ts';
import { suggestionFor } from '../../runner/fleet/suggest.ts';
import { withoutSecret } from '../../runner/ssh/secret-text.ts';
import { shown } from '../../runner/ssh/shown.ts';

/** A sentence, with what was probably meant; undefined where the inventory has it. A group without hosts may get some yet. */
export function targetProblem(word: string, inventory: Inventory): string | undefined {
  // An inventory may have no host at this moment.
  if (word === '@all') return undefined;
  const selection = selectHosts([word], inventory);
  if (selection.kind === 'problems') return selection.problems[0]?.message ?? 'give a target.';
  const unknown = selection.hosts.find(({ name }) => !inventory.hosts.has(name));
  if (unknown === undefined) return undefined;
  const { name } = unknown;
  const meant = inventory.groups.has(name) || name === 'all' ? `@${name}` : suggestionFor(name, inventory.hosts.keys());
  const hint =
    meant === undefined ? 'Describe it under hosts, or list its file under inventories.' : `Did you mean ${meant}?`;
  return withoutSecret(word, `the inventory has no host ${shown(name)}. ${hint}`);
}
