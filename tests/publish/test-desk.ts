import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Article, ArticleState } from '../../src/domain/article.js';
import type { HttpUrl } from '../../src/domain/http-url.js';
import type { Log, LogFields } from '../../src/domain/log.js';
import type { Publisher } from '../../src/domain/publisher.js';
import type { SafeHtml } from '../../src/domain/safe-html.js';
import { createDesk } from '../../src/publish/desk.js';
import { openStore } from '../../src/store/store.js';
import { indexText } from '../../src/store/tokenizer.js';
import { createManualClock } from '../support/manual-clock.js';
import { QUICK_FOLDER, testPublisher } from '../support/test-node.js';
import { readTree, treeFolderOf } from './signed-tree.js';

export const PUBLISHER: Publisher = testPublisher({
  id: 'lighthouse',
  sources: [{ kind: 'feed', url: 'http://127.0.0.1/feed.xml', text: 'full', role: 'main', section: null }],
});

/** The `id`-th article of the test's publisher, with words of its own. */
export function testArticle(id: number, change: Partial<Article> = {}): Article {
  return {
    publisherId: PUBLISHER.id,
    stableId: String(id),
    guid: null,
    url: `http://127.0.0.1/news/${id}` as HttpUrl,
    language: 'en',
    direction: 'ltr',
    title: `Report ${id}`,
    subtitle: '',
    summary: `Summary of ${id}`,
    authors: [{ name: 'A Keeper' }],
    publishedAt: Date.UTC(2026, 9, 1) + id * 60_000,
    modifiedAt: null,
    section: 'News',
    tags: [],
    kind: 'article',
    lead: null,
    content: `<p>The words of report ${id}.</p><p>More of them.</p>` as SafeHtml,
    origin: 'feed',
    ...change,
  };
}

/** A store and the desk over it, with no publisher to fetch from: articles are put by hand. */
export function createTestDesk(options: { home?: string; publisher?: Publisher; isDemo?: boolean } = {}) {
  const home = options.home ?? mkdtempSync(join(QUICK_FOLDER, 'tamizdat-desk-'));
  const clock = createManualClock(Date.UTC(2026, 10, 1));
  const store = openStore(join(home, 'tamizdat.sqlite'), { tokenizer: { indexText } });
  const logged: { event: string; fields: LogFields; level: keyof Log }[] = [];
  const note =
    (level: keyof Log) =>
    (event: string, fields: LogFields = {}): void => {
      logged.push({ event, fields, level });
    };
  const log: Log = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const config = { home, name: 'A desk', contact: '', attest: 'relay' } as const;
  const desk = createDesk(config, { store, clock, log, isDemo: options.isDemo ?? false });
  const publisher = options.publisher ?? PUBLISHER;
  store.transaction(() => {
    for (const id of store.publishers.sync([publisher], clock.now()))
      store.changes.add({
        at: clock.now(),
        kind: 'publisher',
        publisherId: id,
        articleId: null,
        revision: null,
      });
  });

  const find = (id: number) => {
    const article = store.articles.find(publisher.id, { stableId: String(id), guid: null, url: null });
    if (article === null) throw new Error(`no article ${id}`);
    return article;
  };

  return {
    home,
    clock,
    store,
    desk,
    config,
    logged,
    find,
    save: (id: number, change: Partial<Article> = {}, edition = false) =>
      store.transaction(() => store.articles.save(testArticle(id, change), { at: clock.now(), edition })),
    setState: (id: number, state: ArticleState) =>
      store.transaction(() => {
        store.articles.changeState(find(id).id, state, 'asked for by its author', clock.now());
        if (state !== 'tombstone') return;
        store.articles.empty(find(id).id);
        store.revisions.drop(find(id).id);
        store.media.dropAll(find(id).id);
      }),
    /** Publishes an hour later, and fails the test where that fails. */
    publish: async () => {
      clock.advance(3_600_000);
      const result = await desk.publish();
      if (result.kind === 'failed') throw new Error(result.reason);
      return result;
    },
    tree: () => readTree(treeFolderOf(home)),
    kinds: () =>
      readTree(treeFolderOf(home))
        .entries.map(({ o }) => o)
        .join(''),
    close: () => {
      store.close();
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    },
  };
}
