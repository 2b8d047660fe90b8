/** Patterns of ssh_config(5) "PATTERNS", as match.c of OpenSSH matches them. Pure. */

/** `*` and `?` only, brackets are literal. */
export function matchesPattern(text: string, pattern: string): boolean {
  return matchesTokens(text, pattern, (token, character) => token === '?' || token === character);
}

/**
 * Whether the tokens, one for each character and `*` for any run of them, match the whole text. Going back to the last `*` alone keeps
 * it linear in the product of the lengths, where a regular expression could be made to take for ever.
 *
 * @param fits whether a token that is no `*` stands for this character
 */
export function matchesTokens<Token>(
  text: string,
  tokens: ArrayLike<Token | '*'>,
  fits: (token: Token | '*', character: string) => boolean,
): boolean {
  let at = 0;
  let next = 0;
  let star = -1;
  let resume = 0;
  while (at < text.length) {
    const token = tokens[next];
    if (token === '*') {
      star = next++;
      resume = at;
    } else if (token !== undefined && fits(token, text[at] ?? '')) {
      at++;
      next++;
    } else if (star >= 0) {
      next = star + 1;
      at = ++resume;
    } else {
      return false;
    }
  }
  while (tokens[next] === '*') next++;
  return next === tokens.length;
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

/** @param words the arguments of a Host line, none of them empty */
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
