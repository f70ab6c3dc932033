const MAX_LENGTH = 200;
const MAX_OPEN_ENDED = 2;
const MAX_CHOICES = 8;

/** More repeats than this count as open-ended. */
const FEW = 32;

const ATOM = /^(?:\\[^\dk]|\[\^?\]?(?:\\.|[^\]\\])*\]|[^\\()[\]{}*+?|^$])/s;
const QUANTIFIER = /^(?:[*+?]|\{(\d{1,3})(?:(,)(\d{0,3}))?\})\??/;

const matchesSlash = (atom: string) => new RegExp(`^(?:${atom})$`).test('/');

/** How a quantifier can vary: not at all, among few repeats, or open-ended. */
function kindOf(quantifier: RegExpExecArray): 'fixed' | 'few' | 'open' {
  const [text, least, comma, most] = quantifier;
  if (text.startsWith('?')) return 'few';
  if (least === undefined || (comma !== undefined && most === '')) return 'open';
  if (Math.max(Number(least), Number(most ?? 0)) > FEW) return 'open';
  return comma === undefined ? 'fixed' : 'few';
}

/**
 * What is wrong with a publisher's pattern; null: nothing. Deliberately narrow, so that matching a URL of at most
 * 2,048 characters costs milliseconds whatever stands in it: one group, no reference back, no look-around, no repeated
 * group (so nothing nested), at most two open-ended repeats, none of which can run past a slash.
 */
export function patternProblem(pattern: string): string | null {
  if (pattern.length > MAX_LENGTH) return `at most ${MAX_LENGTH} characters`;
  try {
    new RegExp(pattern);
  } catch (error) {
    return error instanceof Error ? error.message : 'a regular expression';
  }
  let rest = pattern;
  let groups = 0;
  let openEnded = 0;
  let choices = 0;
  while (rest !== '') {
    const opening = /^\((\?:|\?)?/.exec(rest);
    const token = opening?.[0] ?? ATOM.exec(rest)?.[0] ?? /^[)|^$]/.exec(rest)?.[0];
    if (opening?.[1] === '?') return 'no look-around and no named group';
    if (opening?.[0] === '(') groups += 1;
    if (token === undefined) return 'no reference back, and { } only as a repeat';
    rest = rest.slice(token.length);
    if (token === '|') choices += 1;
    const quantifier = QUANTIFIER.exec(rest);
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
  if (openEnded > MAX_OPEN_ENDED) return `at most ${MAX_OPEN_ENDED} open-ended repeats`;
  if (choices > MAX_CHOICES) return `at most ${MAX_CHOICES} choices (| ? {n,m})`;
  return null;
}
