import type { IncomingMessage } from 'node:http';
import type { Clock } from '../domain/clock.js';
import type { MessageKind } from '../render/site-views.js';
import { hasLanguageOf } from '../site/group-of-path.js';
import type { SearchQuestion } from '../site/search-page.js';
import type { Site } from '../site/site.js';
import type { Store } from '../store/store.js';
import { readForm } from './read-form.js';
import type { Searcher } from './search-thread.js';

/** The form at its longest: 200 characters at 12 bytes each where every one is percent-encoded, and the other fields. */
const MAX_FORM_BYTES = 4_096;
/** As the form's `maxlength` has it. */
const MAX_QUERY_CHARACTERS = 200;

const SEARCH_PATH = /^(\/(?:[a-z]{2}\/)?)search\/$/;

/** Whether a path of the tree is the search form's. */
export const isSearchPath = (path: string): boolean => SEARCH_PATH.test(path);

export interface SearchReply {
  status: 200 | 400 | 413 | 500 | 503;
  html: string;
}

/**
 * Answers a POST to `/search/` or `/<language>/search/`; null for any other path. Fields: `q` (at most 200 characters),
 * `publisher` (an id), `since` (`any`, `week`, `month`, `year`), `page` (from 1); what makes no sense counts as not given.
 * 413 past those lengths, 400 for what is no form, 503 where too many ask at once, 500 where the search broke. Nothing of a question is
 * kept or told anyone but `searcher`.
 */
export function createSearch(deps: { store: Store; site: Site; clock: Clock; searcher: Searcher }) {
  const { store, site, clock, searcher } = deps;

  return async (path: string, incoming: IncomingMessage): Promise<SearchReply | null> => {
    const prefix = SEARCH_PATH.exec(path)?.[1];
    if (prefix === undefined || !hasLanguageOf(path, store)) return null;
    const refuse = (status: SearchReply['status'], kind: MessageKind): SearchReply => ({
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
    const page = pageIn(form.fields);
    const outcome = await searcher.ask({ prefix, question, page, now: clock.now() });
    if (outcome.kind === 'page') return { status: 200, html: outcome.html };
    return refuse(outcome.kind === 'busy' ? 503 : 500, outcome.kind);
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
