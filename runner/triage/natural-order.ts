/**
 * Names in the order a person counts them: db-2 before db-10.
 *
 * Not `Intl.Collator`: its order depends on the ICU that Node was built with and on the locale, and a ranking must be the
 * same everywhere.
 */
export function compareNaturally(a: string, b: string): number {
  const left = a.match(PIECES) ?? [];
  const right = b.match(PIECES) ?? [];
  for (let i = 0; i < left.length && i < right.length; i++) {
    const difference = comparePieces(left[i] ?? '', right[i] ?? '');
    if (difference !== 0) return difference;
  }
  if (left.length !== right.length) return left.length - right.length;
  // Only leading zeros differ now: db-01 and db-1 are two hosts and need one order.
  return compareText(a, b);
}

const PIECES = /[0-9]+|[^0-9]+/gu;

function comparePieces(a: string, b: string): number {
  const aIsNumber = /^[0-9]/.test(a);
  const bIsNumber = /^[0-9]/.test(b);
  if (aIsNumber && bIsNumber) {
    const aDigits = a.replace(/^0+(?=.)/, '');
    const bDigits = b.replace(/^0+(?=.)/, '');
    return aDigits.length - bDigits.length || compareText(aDigits, bDigits);
  }
  return compareText(a, b);
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
