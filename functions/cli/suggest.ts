/** The word that was probably meant, for a message about one that is not known. */
export function suggestionFor(word: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => candidate !== word && isOneSlipApart(word, candidate));
}

/** One letter added, dropped or changed, or two neighbours swapped. */
function isOneSlipApart(a: string, b: string): boolean {
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
