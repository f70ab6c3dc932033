const MAX_LENGTH = 200;
const MAX_OPEN_ENDED = 2;
const MAX_CHOICES = 4;

/** `{1,4}` is a choice among a few; more repeats than this count as open-ended. */
const FEW = 4;

const ATOM = /^(?:\\[^\dk]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\()[\]{}*+?|^$])/s;
const QUANTIFIER = /^(?:[*+?]|\{(\d{1,3})(?:(,)(\d{0,3}))?\})\??/;

/** Begins at a slash or at the start, so that a match is not tried from every character. */
const STARTS_FEW = /^(?:\^|\\?\/(?![*?{]))/;

const matchesSlash = (atom: string) => new RegExp(`^(?:${atom})$`).test('/');

/** How a quantifier can vary: not at all, among few repeats, or open-ended. */
function kindOf([text, least, comma, most]: RegExpExecArray): 'fixed' | 'few' | 'open' {
  if (text.startsWith('?')) return 'few';
  if (least !== undefined && comma === undefined) return 'fixed';
  return least !== undefined && most !== '' && Number(most) <= FEW ? 'few' : 'open';
}

/**
 * What is wrong with a publisher's pattern; null: nothing. Deliberately narrow, so that matching a name of at most 2,048
 * characters costs a fraction of a second whatever stands in it: one group, no reference back, no look-around, no
 * repeated group (so nothing nested), few choices, at most two open-ended repeats, none of which can run past a slash;
 * with two, tries begin at slashes only. So the cost grows with the square of a path's segment, and never with more.
 */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters`;
  try {
    new RegExp(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : 'a regular expression';
  }
  let rest = pattern;
  let depth = 0;
  let groups = 0;
  let openEnded = 0;
  let choices = 0;
  let branches = 0;
  while (rest !== '') {
    const opening = /^\((\?:|\?)?/.exec(rest);
    const token = opening?.[0] ?? ATOM.exec(rest)?.[0] ?? /^[)|^$]/.exec(rest)?.[0];
    if (opening?.[1] === '?') return 'no look-around and no named group';
    if (token === undefined) return 'no reference back, and { } only as a repeat';
    rest = rest.slice(token.length);
    if (opening?.[0] === '(') groups += 1;
    if (opening !== null) depth += 1;
    if (token === ')') depth -= 1;
    if (token === '|') choices += 1;
    if (token === '|' && depth === 0) branches += 1;
    const quantifier = opening === null ? QUANTIFIER.exec(rest) : null;
    if (quantifier === null) continue;
    rest = rest.slice(quantifier[0].length);
    const kind = kindOf(quantifier);
    if (token === ')' && !quantifier[0].startsWith('?'))
      return 'a group is not repeated (only ? may follow it)';
    if (kind === 'few') choices += 1;
    if (kind !== 'open') continue;
    openEnded += 1;
    if (matchesSlash(token)) return `${token}${quantifier[0]} must not be able to match a slash: write [^/]`;
  }
  if (groups !== 1) return 'exactly one group ( ), the stable id';
  if (choices > MAX_CHOICES) return `at most ${MAX_CHOICES} choices (| ? {1,4})`;
  if (openEnded > MAX_OPEN_ENDED) return `at most ${MAX_OPEN_ENDED} open-ended repeats`;
  if (openEnded === MAX_OPEN_ENDED && (branches > 0 || !STARTS_FEW.test(pattern))) {
    return 'with two open-ended repeats it begins with / or ^, and has no | outside a group';
  }
  return null;
}
