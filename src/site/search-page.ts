import { renderMessage } from '../render/message-page.js';
import { renderSearch } from '../render/search-page.js';
import type { Highlighted, MessageKind, SearchView } from '../render/site-views.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';
import { firstThatFits } from './fit.js';
import { type FrameMaker, nameOf } from './frame.js';
import { articlePath, relativeHref } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** What a reader asked for. */
export interface SearchQuestion {
  query: string;
  publisherId: string | null;
  since: SearchView['since'];
}

/** One page of an answer. */
export interface SearchAnswer {
  articles: readonly StoredArticle[];
  total: SearchView['total'];
  page: number;
  pages: number;
}

/** Cuts a text round a question's words: about `chars` of it, marked. */
export type Marker = (article: StoredArticle, chars: number) => { title: Highlighted; excerpt: Highlighted };

/** Excerpts shorten before anything else when ten results do not fit the line. In characters. */
const EXCERPT_CHARS = [200, 140, 90, 40, 0] as const;

/** The pages of search below `/search/` and `/<language>/search/`. */
export function createSearchPages(config: SiteConfig, store: Store, frames: FrameMaker) {
  function viewOf(prefix: string, question: SearchQuestion): SearchView {
    const frame = frames.shared(prefix, 'search/');
    return {
      ...frame,
      action: './',
      query: question.query,
      publishers: store.publishers.active().map((publisher) => ({
        id: publisher.id,
        name: nameOf(publisher, frame.ui),
        selected: publisher.id === question.publisherId,
      })),
      since: question.since,
      results: null,
      total: { count: 0, more: false },
      page: 1,
      nextPage: null,
      previousPage: null,
    };
  }

  return {
    /** The form with nothing asked. `prefix` is `/` or `/<language>/`. */
    form: (prefix: string): string =>
      renderSearch(viewOf(prefix, { query: '', publisherId: null, since: 'any' })),

    /** The form and one page of what was found, within the line. */
    answer: (prefix: string, question: SearchQuestion, answer: SearchAnswer, mark: Marker): string => {
      const path = `${prefix}search/`;
      const publishers = new Map(store.publishers.active().map((publisher) => [publisher.id, publisher]));
      const base: SearchView = {
        ...viewOf(prefix, question),
        total: answer.total,
        page: answer.page,
        nextPage: answer.page < answer.pages ? answer.page + 1 : null,
        previousPage: answer.page > 1 ? answer.page - 1 : null,
      };
      const results = answer.articles.map((article) => {
        const target = articlePath(article.publisherId, article.stableId);
        const publisher = publishers.get(article.publisherId);
        return {
          article,
          told: {
            language: article.language,
            direction: article.direction,
            href: relativeHref(path, target),
            publisher: publisher === undefined || publishers.size === 1 ? null : nameOf(publisher, base.ui),
            publishedAt: article.publishedAt,
            pageBytes: store.pages.size(target)?.brBytes ?? null,
          },
        };
      });
      return firstThatFits(EXCERPT_CHARS, config.bodyBytes, (chars) =>
        renderSearch({
          ...base,
          results: results.map(({ article, told }) => ({ ...told, ...mark(article, chars) })),
        }),
      ).text;
    },

    /** Why a question was not answered. */
    refusal: (prefix: string, kind: MessageKind): string =>
      renderMessage({ ...frames.shared(prefix, 'search/'), kind }),
  };
}
