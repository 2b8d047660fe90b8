/** The word that was probably meant, for a message about one that is not known. */
export function suggestionFor(word: string, known: Iterable<string>): string | undefined {
  for (const candidate of known) {
    if (candidate !== word && isOneSlipApart(word, candidate)) return candidate;
  }
  return undefined;
}

/** One letter added, dropped or changed, or two neighbours swapped. */
function isOneSlipApart(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start += 1;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  return (
    restA.slice(1) === restB ||
    restA === restB.slice(1) ||
    restA.slice(1) === restB.slice(1) ||
    (restA.slice(2) === restB.slice(2) && restA[0] === restB[1] && restA[1] === restB[0])
  );
}
