import type { Element } from 'domhandler';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { squash } from './squash.js';
import { metaValue, typesOf } from './structured-data.js';
import { isH1, plainTextOf, textContent } from './tree.js';

/** A page's only `h1` of so many words is its headline, whatever the page tells search engines. */
const HEADLINE_WORDS = 3;
/** A heading with more characters is a paragraph. */
const MAX_CHARS = 400;

const isLowerHeading = ({ name }: Element): boolean => name === 'h2' || name === 'h3';

type UntitledView = Omit<PageView, 'title' | 'heading'>;

/** The headline: by the publisher's selectors, else the heading that the page's data repeats, else JSON-LD, `og:title`, `title`. */
export function findTitle(view: UntitledView): Pick<PageView, 'title' | 'heading'> {
  const { data, elements, rules } = view;
  const bySelector = selectFirst(elements, rules?.title ?? []).map(textContent)[0];
  if (bySelector !== undefined && bySelector !== '') return { title: tidy(bySelector), heading: bySelector };
  const site = metaValue(data, 'og:site_name');
  const stated = statedTitles(view);
  const heading = headlineAmong(elements, stated, site);
  if (heading === null)
    return { title: stated[0] === undefined ? null : tidy(withoutSiteName(stated[0], site)), heading };
  const title =
    sharedTitle(view, heading) ??
    titleWithKicker(view, heading) ??
    bareTitle(view, heading) ??
    spacedTitle(heading, stated);
  return { title: tidy(title), heading };
}

/** Without soft hyphens, which are for the width of one page's column, and without what was encoded once too often. */
function tidy(title: string): string {
  const soft = title.replaceAll('\u00ad', '');
  return ENCODED_TWICE.test(soft) ? plainTextOf(soft) : soft;
}

const ENCODED_TWICE = /&(?:amp|quot|#\d{2,5}|#x[\da-f]{2,4});/i;

/** What the page's data and the feed call the article, most trusted first. */
function statedTitles({ data, feed }: UntitledView): string[] {
  const headline = data.articles[0]?.headline ?? data.articles[0]?.name;
  return [
    typeof headline === 'string' ? plainTextOf(headline) : null,
    metaValue(data, 'og:title', 'twitter:title', 'title', 'dc.title', 'parsely-title'),
    data.documentTitle,
    feed?.title ?? null,
    metaValue(data, 'twitter:title'),
  ].filter((title): title is string => title !== null && title !== '');
}

/** The heading that is the page's headline; null where none can be told from the others. */
function headlineAmong(
  elements: readonly Element[],
  stated: readonly string[],
  site: string | null,
): string | null {
  const textsOf = (headings: readonly Element[]): string[] =>
    headings
      .map(textContent)
      .filter((text) => text !== '' && text.length <= MAX_CHARS && squash(text) !== squash(site ?? ''));
  const bare = stated.map((title) => squash(withoutSiteName(title, site)));
  const isStated = (heading: string): boolean => bare.includes(squash(heading));
  const headings = textsOf(elements.filter(isH1));
  const confirmed = headings.find(
    (heading) => isStated(heading) || stated.some((title) => agree(heading, title)),
  );
  if (confirmed !== undefined) return confirmed;
  const first = elements.findIndex(isH1);
  const above = elements.slice(0, first === -1 ? undefined : first).filter(isLowerHeading);
  return textsOf(above).find(isStated) ?? likeliest(headings, stated[0]);
}

/** The `h1` that no other place repeats: the only one, or the first that says in other words what the data does. */
function likeliest(headings: readonly string[], stated: string | undefined): string | null {
  const [first = null] = headings;
  if (first === null || stated === undefined) return first;
  if (headings.length === 1) return first.split(' ').length < HEADLINE_WORDS ? null : first;
  const isLike = (heading: string): boolean =>
    areComparable(heading, stated) && shareOfWords(heading, stated) >= HEADLINE_SHARE;
  return headings.find(isLike) ?? null;
}

/** The headline with the spaces of its data: a kicker on a line of its own is glued to what follows in the `h1`'s text. */
function spacedTitle(heading: string, stated: readonly string[]): string {
  const same = stated.filter((title) => squash(title) === squash(heading));
  return same.find((title) => wordsOf(title).size > wordsOf(heading).size) ?? heading;
}

/**
 * The headline a newspaper gave its article for other places than its own page, as a mirror is one: `og:title`. Elsewhere it
 * holds words for search engines. What the page shows and the feed repeats is the headline all the same.
 */
function sharedTitle({ data, feed }: UntitledView, heading: string): string | null {
  const shared = metaValue(data, 'og:title');
  if (shared === null || !data.articles.some((article) => typesOf(article).some((type) => NEWS.test(type))))
    return null;
  if (agree(heading, shared) || (feed?.title != null && agree(heading, feed.title))) return null;
  const title = withoutSiteName(shared, metaValue(data, 'og:site_name'));
  return title.length < 8 || (areComparable(heading, title) && shareOfWords(heading, title) < TEASER_SHARE)
    ? null
    : title;
}

/** A line with so few of the headline's words is a teaser for social networks, no headline. */
const TEASER_SHARE = 0.15;
/** One of several `h1` with so many of the stated title's words says the same in others. */
const HEADLINE_SHARE = 0.25;

/** Whether two titles have words enough to compare them. Languages without spaces have one word a line. */
const areComparable = (left: string, right: string): boolean =>
  Math.min(wordsOf(left).size, wordsOf(right).size) >= 4;

/** How many of two titles' words both have: 1 for the same words, 0 for none. */
function shareOfWords(left: string, right: string): number {
  const words = wordsOf(left);
  const others = wordsOf(right);
  const shared = [...others].filter((word) => words.has(word)).length;
  return (2 * shared) / Math.max(1, words.size + others.size);
}

const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .replaceAll('\u00ad', '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  );

/** The headline with the kicker before it, where both `og:title` and JSON-LD count that in. */
function titleWithKicker({ data }: UntitledView, heading: string): string | null {
  const shared = metaValue(data, 'og:title');
  const headline = data.articles[0]?.headline;
  if (shared === null || typeof headline !== 'string') return null;
  const title = withoutSiteName(shared, metaValue(data, 'og:site_name'));
  const kicker = title.slice(0, -heading.length);
  const isSame = title.endsWith(heading) && squash(plainTextOf(headline)) === squash(title);
  return isSame && LABEL_BEFORE.test(kicker) ? title : null;
}

/** What joins a kicker, a section or a date to the headline it stands beside. */
const LABEL_BEFORE = /(?:[:|–—»]|\s-|\b(?:19|20)\d\d)\s*$/;
const LABEL_AFTER = /^\s*[:|–—]|\b(?:19|20)\d\d$/;

/** The headline without what else stands in its `h1`, where `og:title` gives it bare and the feed does not side with the `h1`. */
function bareTitle({ data, feed }: UntitledView, heading: string): string | null {
  const shared = metaValue(data, 'og:title');
  if (shared === null || (feed?.title != null && squash(feed.title) === squash(heading))) return null;
  const bare = withoutSiteName(shared, metaValue(data, 'og:site_name'));
  const at = straight(heading).indexOf(straight(bare));
  if (at === -1 || bare.length === heading.length || bare.length < heading.length / 2) return null;
  const before = heading.slice(0, at);
  const after = heading.slice(at + bare.length);
  const isLabeled =
    (before === '' || LABEL_BEFORE.test(before)) && (after === '' || LABEL_AFTER.test(after.trimEnd()));
  return isLabeled ? bare : null;
}

/** With straight quotes, as long as before. */
const straight = (text: string): string => text.replace(/[‘’]/g, "'").replace(/[“”]/g, '"');

const NEWS = /NewsArticle$|LiveBlogPosting$/;

/** Whether two titles are the same but for a site's name, case and punctuation. */
function agree(heading: string, title: string): boolean {
  const left = squash(heading);
  const right = squash(title);
  if (left.length < 8 || right.length < 8) return left === right;
  if (left.length < 0.4 * right.length) return false;
  return right.includes(left) || (left.includes(right) && right.length > 0.6 * left.length);
}

/** The title without ` | Site name` at its end. */
function withoutSiteName(title: string, site: string | null): string {
  const match = /^(.{4,}?)(?:\s(?:[|·»•—–-]|::)\s|[｜：ㅣ])([^|·»•—–｜：ㅣ]{2,60})$/u.exec(title);
  if (match === null) return title;
  const [, text = title, tail = ''] = match;
  if (site !== null && (squash(tail).includes(squash(site)) || squash(site).includes(squash(tail))))
    return text.trim();
  return text.length >= 8 && /\s[|»•·]\s|::/.test(title.slice(text.length)) ? text.trim() : title;
}
