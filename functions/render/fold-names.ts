/**
 * Many host names as few words: db-1, db-2, db-3, web → db-[1-3], web. Numbers keep their leading zeros; only the last number
 * of a name's first label is folded, so that addresses stay addresses that can be copied.
 */
export function foldNames(names: readonly string[]): string[] {
  const folded: string[] = [];
  let run: Numbered[] = [];
  const flush = (): void => {
    folded.push(...spell(run));
    run = [];
  };
  for (const name of names) {
    const next = numbered(name);
    const last = run.at(-1);
    if (next && last && follows(last, next)) {
      run.push(next);
      continue;
    }
    flush();
    if (next) run = [next];
    else folded.push(name);
  }
  flush();
  return folded;
}

interface Numbered {
  name: string;
  before: string;
  digits: string;
  after: string;
}

function numbered(name: string): Numbered | undefined {
  // An IPv4 address has no letters in front of its first number.
  const match = /^((?:[^.@]*@)?[a-z_-][^.@]*?)([0-9]{1,9})((?:\.[^@]*)?)$/iu.exec(name);
  if (!match) return undefined;
  const [, before = '', digits = '', after = ''] = match;
  return { name, before, digits, after };
}

function follows(a: Numbered, b: Numbered): boolean {
  const sameForm = a.digits.length === b.digits.length || !(a.digits.startsWith('0') || b.digits.startsWith('0'));
  return sameForm && a.before === b.before && a.after === b.after && Number(b.digits) === Number(a.digits) + 1;
}

function spell(run: readonly Numbered[]): string[] {
  const first = run[0];
  const last = run.at(-1);
  if (!first || !last || run.length < 3) return run.map(({ name }) => name);
  return [`${first.before}[${first.digits}-${last.digits}]${first.after}`];
}
