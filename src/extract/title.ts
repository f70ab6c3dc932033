import { type ChildNode, type Element, isTag } from 'domhandler';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { squash } from './squash.js';
import { metaValue, typesOf } from './structured-data.js';
import { isH1, plainTextOf, textContent } from './tree.js';

/** A page's only `h1` of so many words is its headline, whatever the page tells search engines. */
const HEADLINE_WORDS = 3;

/** The headline: by the publisher's selectors, else the `h1` that the page's data repeats, else JSON-LD, `og:title`, `title`. */
export function findTitle(view: Omit<PageView, 'title'>): string | null {
  // Soft hyphens are for the width of one page's column.
  return titleOf(view)?.replaceAll('\u00ad', '') ?? null;
}

function titleOf(view: Omit<PageView, 'title'>): string | null {
  const { data, elements, rules, feed } = view;
  const bySelector = selectFirst(elements, rules?.title ?? []).map(textContent)[0];
  if (bySelector !== undefined && bySelector !== '') return bySelector;
  const headline = data.articles[0]?.headline ?? data.articles[0]?.name;
  const site = metaValue(data, 'og:site_name');
  const stated = [
    typeof headline === 'string' ? plainTextOf(headline) : null,
    metaValue(data, 'og:title', 'twitter:title', 'title', 'dc.title', 'parsely-title'),
    data.documentTitle,
    feed?.title ?? null,
  ].filter((title): title is string => title !== null && title !== '');
  const headings = elements
    .filter(isH1)
    .map(textContent)
    .filter((text) => text !== '' && text.length <= 400 && squash(text) !== squash(site ?? ''));
  const confirmed = headings.find((heading) => stated.some((title) => agree(heading, title)));
  const [first] = headings;
  const isOnly = first !== undefined && (stated.length === 0 || isHeadline(headings, first));
  const heading = confirmed ?? (isOnly ? first : undefined);
  if (heading !== undefined)
    return (
      sharedTitle(view, heading) ?? titleWithKicker(view, heading) ?? bareTitle(view, heading) ?? heading
    );
  return stated[0] === undefined ? null : withoutSiteName(stated[0], site);
}

/**
 * The headline a newspaper gave its article for other places than its own page, as a mirror is one: `og:title`. Elsewhere it
 * holds words for search engines. What the page shows and the feed repeats is the headline all the same.
 */
function sharedTitle({ data, feed }: Omit<PageView, 'title'>, heading: string): string | null {
  const shared = metaValue(data, 'og:title');
  if (shared === null || !data.articles.some((article) => typesOf(article).some((type) => NEWS.test(type))))
    return null;
  if (agree(heading, shared) || (feed?.title != null && agree(heading, feed.title))) return null;
  const title = withoutSiteName(shared, metaValue(data, 'og:site_name'));
  return title.length < 8 || !sharesWords(heading, title) ? null : title;
}

/** A line with so few of the headline's words is a teaser for social networks, no headline. */
const LEAST_SHARED = 0.15;

function sharesWords(heading: string, title: string): boolean {
  const words = wordsOf(heading);
  const own = wordsOf(title);
  const shared = [...own].filter((word) => words.has(word)).length;
  // Languages without spaces have one word a line, which says nothing.
  return own.size < 4 || words.size < 4 || 2 * shared >= LEAST_SHARED * (own.size + words.size);
}

const wordsOf = (text: string): Set<string> =>
  new Set(
    text
      .replaceAll('\u00ad', '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu),
  );

/** The headline with the kicker before it, where both `og:title` and JSON-LD count that in. */
function titleWithKicker({ data }: Omit<PageView, 'title'>, heading: string): string | null {
  const shared = metaValue(data, 'og:title');
  const headline = data.articles[0]?.headline;
  if (shared === null || typeof headline !== 'string') return null;
  const title = withoutSiteName(shared, metaValue(data, 'og:site_name'));
  const kicker = title.slice(0, -heading.length);
  const isSame = title.endsWith(heading) && squash(plainTextOf(headline)) === squash(title);
  return isSame && LABEL_BEFORE.test(kicker) ? title : null;
}

/** What joins a kicker, a section or a date to the headline it stands beside. */
const LABEL_BEFORE = /(?:[:|–—»]|\b(?:19|20)\d\d)\s*$/;
const LABEL_AFTER = /^\s*[:|–—]|\b(?:19|20)\d\d$/;

/** The headline without what else stands in its `h1`, where `og:title` gives it bare and the feed does not side with the `h1`. */
function bareTitle({ data, feed }: Omit<PageView, 'title'>, heading: string): string | null {
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

function isHeadline(headings: readonly string[], first: string): boolean {
  return headings.length === 1 && first.split(' ').length >= HEADLINE_WORDS;
}

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
  const match = /^(.{8,}?)(?:\s(?:[|·»•—–-]|::)\s|[｜：ㅣ])([^|·»•—–｜：ㅣ]{2,60})$/u.exec(title);
  if (match === null) return title;
  const [, text = title, tail = ''] = match;
  if (site !== null && (squash(tail).includes(squash(site)) || squash(site).includes(squash(tail))))
    return text.trim();
  return /\s[|»•·]\s|::/.test(title.slice(text.length)) ? text.trim() : title;
}

/** Class names of a standfirst. */
const STANDFIRST =
  /(?:^|[\s_-])(?:standfirst|sub-?title|sub-?head(?:line|ing)?|dek|deck|chapeau|bajada|article__lead|lead-?text|vorspann|entradilla)(?:$|[\s_-])/i;

/** The standfirst: by the publisher's selectors, else an element marked as one near the headline. Never the title again. */
export function findSubtitle({ elements, rules }: PageView, title: string | null): string | null {
  const found =
    selectFirst(elements, rules?.subtitle ?? [])[0] ??
    (rules?.subtitle.length ? undefined : markedSubtitle(elements));
  const text = found === undefined ? '' : textContent(found);
  return text === '' || text.length > 600 || (title !== null && squash(text) === squash(title)) ? null : text;
}

function markedSubtitle(elements: readonly Element[]): Element | undefined {
  const from = elements.findIndex(isH1);
  const near = elements.slice(Math.max(0, from - 10), from + 60);
  return near.find(
    ({ name, attribs, prev }) =>
      attribs.itemprop === 'alternativeHeadline' ||
      (/^(?:h2|h3|p|div)$/.test(name) && STANDFIRST.test(attribs.class ?? '')) ||
      (name === 'h2' && previousElement(prev)?.name === 'h1'),
  );
}

function previousElement(node: ChildNode | null): Element | null {
  let at = node;
  while (at !== null && !isTag(at)) at = at.prev;
  return at;
}
