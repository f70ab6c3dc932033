import type { SafeHtml } from '../domain/safe-html.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { Store } from '../store/store.js';
import { type Document, JSON_TYPE, type RenderedGroup } from './document.js';
import { largestThatFits, wireBytes } from './fit.js';
import { articleJsonPath, articlePath, changesJsonPath } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** Entries of one page of the change sequence: at some 60 compressed bytes each a full page is under 7 KB. */
export const CHANGES_PER_PAGE = 100;

const json = (path: string, value: unknown, status: Document['status'] = 200): Document => ({
  path,
  status,
  type: JSON_TYPE,
  text: `${JSON.stringify(value)}\n`,
  absolute: false,
  budget: 'line',
});

const time = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());

/** `/api/v1/articles/<publisher>/<id>.json`, in parts where the text is too heavy for one: `next` names the following file. */
export function renderArticleJson(
  config: SiteConfig,
  article: StoredArticle,
  publisher: StoredPublisher,
  blocks: readonly SafeHtml[],
): Document[] {
  const path = (part: number) => articleJsonPath(publisher.id, article.stableId, part);
  const names = { publisher: publisher.id, id: article.stableId, url: article.url, state: article.state };
  const removed = time(article.takenAt);
  if (article.state === 'tombstone') return [json(path(1), { ...names, removed }, 410)];
  const tree = articlePath(publisher.id, article.stableId);
  // Of a withdrawn text its headline stays, as on its page.
  if (article.state === 'withdrawn')
    return [
      json(path(1), { ...names, path: tree, title: article.title, removed, reason: article.stateReason }),
    ];
  const head = {
    ...names,
    path: tree,
    revision: article.revision,
    language: article.language,
    direction: article.direction,
    title: article.title,
    subtitle: article.subtitle,
    summary: article.summary,
    authors: article.authors,
    published: time(article.publishedAt),
    modified: time(article.modifiedAt),
    changed: time(article.revisedAt),
    copied: time(article.takenAt),
    section: article.section,
    tags: article.tags,
    kind: article.kind,
    origin: article.origin,
    attribution: publisher.rights.attribution,
    lead:
      article.lead === null
        ? null
        : { alt: article.lead.alt, caption: article.lead.caption, credit: article.lead.credit },
  };
  const compose = (part: number, shown: readonly SafeHtml[], next: boolean): Document =>
    json(path(part), {
      ...(part === 1 ? head : { ...names, part }),
      content_html: shown.join(''),
      next: next ? `./${article.stableId}.p${part + 1}.json` : null,
    });
  const documents: Document[] = [];
  for (let from = 0; from < blocks.length || documents.length === 0; ) {
    const part = documents.length + 1;
    const rest = blocks.slice(from);
    const count = largestThatFits(
      rest.length,
      (tried) => wireBytes(compose(part, rest.slice(0, tried), true).text) <= config.bodyBytes,
    );
    const taken = Math.max(1, count);
    documents.push(compose(part, rest.slice(0, taken), from + taken < blocks.length));
    from += taken;
  }
  return documents;
}

/** `/api/v1/changes/<n>.json`: append-only pages of the change sequence, and where the newest is. */
export function renderChangesJson(
  store: Store,
  fromPage: number | null,
  toPage: number | null,
): RenderedGroup {
  const last = store.changes.lastSeq();
  const pages = Math.max(1, Math.ceil(last / CHANGES_PER_PAGE));
  const documents = [
    json('/api/v1/changes.json', {
      last,
      page_size: CHANGES_PER_PAGE,
      newest: `.${changesJsonPath(pages).slice('/api/v1'.length)}`,
    }),
  ];
  for (let number = Math.max(1, fromPage ?? pages); number <= Math.min(pages, toPage ?? pages); number += 1) {
    documents.push(json(changesJsonPath(number), changesPage(store, number, pages)));
  }
  return { documents, complete: false };
}

function changesPage(store: Store, number: number, pages: number) {
  const changes = store.changes.between((number - 1) * CHANGES_PER_PAGE, number * CHANGES_PER_PAGE);
  return {
    page: number,
    previous: number > 1 ? `./${number - 1}.json` : null,
    next: number < pages ? `./${number + 1}.json` : null,
    changes: changes.map((change) => ({
      seq: change.seq,
      at: time(change.at),
      kind: change.kind,
      publisher: change.publisherId,
      ...(change.stableId === null
        ? {}
        : {
            id: change.stableId,
            revision: change.revision,
            article: `../articles/${change.publisherId}/${change.stableId}.json`,
          }),
    })),
  };
}

/** `/api/v1/publishers.json`: who is mirrored here, on what terms, and how each source is doing. */
export function renderPublishersJson(store: Store): Document {
  return json('/api/v1/publishers.json', {
    publishers: store.publishers.active().map((publisher) => ({
      id: publisher.id,
      names: publisher.names,
      language: publisher.language,
      homepage: publisher.homepage,
      path: `/${publisher.id}/`,
      publish: publisher.publish,
      rights: {
        basis: publisher.rights.basis,
        licence: publisher.rights.licence,
        attribution: publisher.rights.attribution,
      },
      designations: publisher.designations,
      silence: publisher.silence,
      silence_reason: publisher.silenceReason,
      sources: store.sources
        .of(publisher.id)
        .filter((source) => publisher.sources.some((listed) => listed.url === source.url))
        .map((source) => ({
          url: source.url,
          state: source.state,
          since: time(source.sinceAt),
          reason: source.reason,
          // Of one that answers it would move with every pass.
          next_try: source.failures === 0 ? null : time(source.nextTryAt),
        })),
    })),
  });
}
