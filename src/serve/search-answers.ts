import { textOf } from '../sanitize/safe-text.js';
import type { Marker, SearchQuestion } from '../site/search-page.js';
import type { Site } from '../site/site.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';
import { createHighlighter, type Segment, toMatchQuery } from '../store/tokenizer.js';
import { createExcerpt } from './excerpt.js';

const RESULTS_ON_A_PAGE = 10;

const DAY_MS = 86_400_000;
const SINCE_MS = { week: 7 * DAY_MS, month: 31 * DAY_MS, year: 366 * DAY_MS } as const;

/** What a reader asked, where and when. Plain data: it may be answered by another thread. */
export interface SearchRequest {
  /** `/` or `/<language>/`: the language of the page that answers. */
  prefix: string;
  question: SearchQuestion;
  /** From 1; the last page where there are fewer. */
  page: number;
  now: number;
}

/** Finds, marks and renders: the page that answers, within the line. Takes milliseconds and holds its thread. */
export function createSearchAnswers(deps: { store: Store; site: Site }): (asked: SearchRequest) => string {
  const { store, site } = deps;

  /** Each article is read and looked through once, however often its excerpt is cut to fit. */
  function marker(query: string): Marker {
    const highlight = createHighlighter(query);
    const teasers = new Set(
      store.publishers.active().flatMap(({ id, publish }) => (publish === 'teaser' ? [id] : [])),
    );
    /** What may be quoted: of a publisher shown by its teasers, no more than lists show. */
    const shownText = ({ publisherId, summary, content }: StoredArticle): string =>
      teasers.has(publisherId) ? summary : textOf(content);
    const known = new Map<number, { title: Segment[]; excerpt: (chars: number) => Segment[] }>();
    return (article, chars) => {
      const marked = known.get(article.id) ?? {
        title: highlight.mark(article.title, article.language),
        excerpt: createExcerpt(shownText(article), article.language, highlight),
      };
      known.set(article.id, marked);
      return { title: marked.title, excerpt: marked.excerpt(chars) };
    };
  }

  return ({ prefix, question, page: wantedPage, now }) => {
    const match = toMatchQuery(question.query);
    const fromAt = question.since === 'any' ? null : now - SINCE_MS[question.since];
    const found =
      match === null
        ? { ids: [], more: false }
        : store.search.find(match, { publisherId: question.publisherId, fromAt, now });
    const pages = Math.max(1, Math.ceil(found.ids.length / RESULTS_ON_A_PAGE));
    const page = Math.min(wantedPage, pages);
    const articles = found.ids
      .slice((page - 1) * RESULTS_ON_A_PAGE, page * RESULTS_ON_A_PAGE)
      .flatMap((id) => {
        const article = store.articles.get(id);
        return article?.state === 'live' ? [article] : [];
      });
    const total = { count: found.ids.length, more: found.more };
    return site.search.answer(prefix, question, { articles, total, page, pages }, marker(question.query));
  };
}
