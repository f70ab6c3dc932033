import type { IncomingMessage } from 'node:http';
import type { Clock } from '../domain/clock.js';
import { textOf } from '../sanitize/safe-text.js';
import type { Marker, SearchQuestion } from '../site/search-page.js';
import type { Site } from '../site/site.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';
import { createHighlighter, type Segment, toMatchQuery } from '../store/tokenizer.js';
import { createExcerpt } from './excerpt.js';
import { readForm } from './read-form.js';
import { createTurns } from './turns.js';

/** The form at its longest: 200 characters at 12 bytes each where every one is percent-encoded, and the other fields. */
const MAX_FORM_BYTES = 4_096;
/** As the form's `maxlength` has it. */
const MAX_QUERY_CHARACTERS = 200;
const RESULTS_ON_A_PAGE = 10;

const DAY_MS = 86_400_000;
const SINCE_MS = { week: 7 * DAY_MS, month: 31 * DAY_MS, year: 366 * DAY_MS } as const;

const SEARCH_PATH = /^(\/(?:[a-z]{2}\/)?)search\/$/;

export interface SearchReply {
  status: 200 | 400 | 413 | 503;
  html: string;
}

/**
 * Answers a POST to `/search/` or `/<language>/search/`; null for any other path. Fields: `q` (at most 200 characters),
 * `publisher` (an id), `since` (`any`, `week`, `month`, `year`), `page` (from 1); what makes no sense counts as not given.
 * 413 past those lengths, 400 for what is no form, 503 where too many ask at once. Nothing of a question is kept or told anyone.
 */
export function createSearch(deps: { store: Store; site: Site; clock: Clock }) {
  const { store, site, clock } = deps;
  const takeTurn = createTurns();

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

  function find(prefix: string, question: SearchQuestion, wantedPage: number): string {
    const match = toMatchQuery(question.query);
    const now = clock.now();
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
  }

  return async (path: string, incoming: IncomingMessage): Promise<SearchReply | null> => {
    const prefix = SEARCH_PATH.exec(path)?.[1];
    if (prefix === undefined) return null;
    const refuse = (
      status: SearchReply['status'],
      kind: 'bad-request' | 'too-large' | 'busy',
    ): SearchReply => ({
      status,
      html: site.search.refusal(prefix, kind),
    });
    const form = await readForm(incoming, MAX_FORM_BYTES);
    if (form.kind !== 'form') return refuse(form.kind === 'too-large' ? 413 : 400, form.kind);
    const query = (form.fields.get('q') ?? '').trim();
    if (query.length > MAX_QUERY_CHARACTERS) return refuse(413, 'too-large');
    if (query === '') return { status: 200, html: site.search.form(prefix) };
    const question: SearchQuestion = {
      query,
      publisherId: publisherIn(form.fields, store),
      since: sinceIn(form.fields),
    };
    const html = takeTurn(() => find(prefix, question, pageIn(form.fields)));
    return html === null ? refuse(503, 'busy') : { status: 200, html: await html };
  };
}

function publisherIn(fields: URLSearchParams, store: Store): string | null {
  const publisher = store.publishers.get(fields.get('publisher') ?? '');
  return publisher?.active ? publisher.id : null;
}

function sinceIn(fields: URLSearchParams): SearchQuestion['since'] {
  const since = fields.get('since');
  return since === 'week' || since === 'month' || since === 'year' ? since : 'any';
}

function pageIn(fields: URLSearchParams): number {
  const page = Number(fields.get('page') ?? 1);
  return Number.isSafeInteger(page) && page >= 1 ? page : 1;
}
