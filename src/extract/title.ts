import type { PageView } from './page-view.js';
import { selectAll, selectFirst } from './select.js';
import { metaValue } from './structured-data.js';
import { foldSpace, textContent } from './tree.js';

/** The headline: by the publisher's selectors, else the `h1` that the page's data repeats, else JSON-LD, `og:title`, `title`. */
export function findTitle(view: PageView): string | null {
  const { data, document, rules, feed } = view;
  const bySelector = selectFirst(document, rules?.title ?? []).map(textContent)[0];
  if (bySelector !== undefined && bySelector !== '') return bySelector;
  const headline = data.articles[0]?.headline ?? data.articles[0]?.name;
  const stated = [
    typeof headline === 'string' ? foldSpace(headline) : null,
    metaValue(data, 'og:title', 'twitter:title', 'title', 'dc.title', 'parsely-title'),
    data.documentTitle,
    feed?.title ?? null,
  ].filter((title): title is string => title !== null && title !== '');
  const headings = selectAll(document, 'h1')
    .map(textContent)
    .filter((text) => text !== '' && text.length <= 400);
  const confirmed = headings.find((heading) => stated.some((title) => agree(heading, title)));
  if (confirmed !== undefined) return confirmed;
  if (stated.length === 0) return headings[0] ?? null;
  return withoutSiteName(stated[0] ?? '', metaValue(data, 'og:site_name'));
}

/** Whether two titles are the same but for a site's name, case and punctuation. */
function agree(heading: string, title: string): boolean {
  const left = squash(heading);
  const right = squash(title);
  return left.length >= 8
    ? right.includes(left) || (right.length >= 8 && left.includes(right))
    : left === right;
}

export const squash = (text: string): string => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');

/** The title without ` | Site name` at its end. */
function withoutSiteName(title: string, site: string | null): string {
  const match = /^(.{8,})\s(?:[|·»•—–-]|::)\s([^|·»•—–]{2,60})$/u.exec(title);
  if (match === null) return title;
  const [, text = title, tail = ''] = match;
  if (site !== null && (squash(tail).includes(squash(site)) || squash(site).includes(squash(tail))))
    return text.trim();
  return /\s[|»•·]\s|::/.test(title.slice(text.length)) ? text.trim() : title;
}

/** The standfirst: by the publisher's selectors, else an element marked as one. Never the title again. */
export function findSubtitle({ document, rules }: PageView, title: string | null): string | null {
  const found = selectFirst(document, [
    ...(rules?.subtitle ?? []),
    '[itemprop="alternativeHeadline"]',
    'h1 + h2',
    '[class*="standfirst" i]',
    '[class*="subtitle" i]',
    '[class*="subhead" i]',
    '[class*="article__lead" i]',
    '[class*="dek" i]:not([class*="desk" i])',
  ]);
  const text = found[0] === undefined ? '' : textContent(found[0]);
  return text === '' || text.length > 600 || (title !== null && squash(text) === squash(title)) ? null : text;
}
