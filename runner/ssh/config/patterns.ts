/** Patterns of ssh_config(5) "PATTERNS", as match.c of OpenSSH matches them. Pure. */

/**
 * `*` and `?` only, brackets are literal. Going back to the last `*` alone keeps it linear in the product of the lengths, where a
 * regular expression could be made to take for ever.
 */
export function matchesPattern(text: string, pattern: string): boolean {
  let t = 0;
  let p = 0;
  let star = -1;
  let resume = 0;
  while (t < text.length) {
    if (pattern[p] === '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.length && (pattern[p] === '?' || pattern[p] === text[t])) {
      t++;
      p++;
    } else if (star >= 0) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** match_pattern_list: comma-separated, and one negated pattern that matches rules the whole list out. */
export function matchesPatternList(text: string, list: string): boolean {
  let found = false;
  for (const pattern of list.split(',')) {
    if (pattern.startsWith('!')) {
      if (matchesPattern(text, pattern.slice(1))) return false;
    } else if (matchesPattern(text, pattern)) {
      found = true;
    }
  }
  return found;
}

/** The patterns of a Host line, sorted once: nearly all are plain names, which cost a comparison. */
export interface HostPatterns {
  readonly names: readonly string[];
  readonly wildcards: readonly string[];
  readonly negated: readonly string[];
}

export function hostPatterns(words: readonly string[]): HostPatterns {
  const positive = words.filter((word) => !word.startsWith('!'));
  return {
    names: positive.filter((word) => !/[*?]/.test(word)),
    wildcards: positive.filter((word) => /[*?]/.test(word)),
    negated: words.filter((word) => word.startsWith('!')).map((word) => word.slice(1)),
  };
}

/** Whether a host that is known by `names` is meant: by one of them, and by none that is negated. Case counts, as in ssh. */
export function matchesHost(names: readonly string[], patterns: HostPatterns): boolean {
  let isMeant = false;
  for (const name of names) {
    if (patterns.negated.length > 0 && matchesOneOf(name, patterns.negated)) return false;
    isMeant ||= patterns.names.includes(name) || matchesOneOf(name, patterns.wildcards);
  }
  return isMeant;
}

function matchesOneOf(name: string, patterns: readonly string[]): boolean {
  for (const pattern of patterns) {
    if (matchesPattern(name, pattern)) return true;
  }
  return false;
}
