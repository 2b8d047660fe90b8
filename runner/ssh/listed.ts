/** Many names in a sentence. */

/** 'a, b and 7 more': the first `most` of them. */
export function listed(names: readonly string[], most: number): string {
  const more = names.length - most;
  return names.slice(0, most).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
