import { textOf } from '../sanitize/safe-text.js';
import type { StoredArticle } from '../store/article-row.js';
import type { Store } from '../store/store.js';

/** Makes an article findable as it reads now. Inside the caller's transaction. */
export function indexArticle(store: Store, article: StoredArticle): void {
  store.search.put({
    articleId: article.id,
    publisherId: article.publisherId,
    publishedAt: article.publishedAt,
    title: `${article.title} ${article.subtitle}`,
    body: textOf(article.content),
    language: article.language,
  });
}

/** Articles in one transaction, so that a reader of the database never waits long for it. */
const AT_ONCE = 100;

/** Indexes again what an older release left without a rank: at most `most` articles, each in some milliseconds. */
export function rankOlder(store: Store, most: number): void {
  for (let done = 0; done < most; done += AT_ONCE) {
    const ids = store.search.unranked(AT_ONCE);
    if (ids.length === 0) return;
    store.transaction(() => {
      for (const id of ids) {
        const article = store.articles.get(id);
        if (article?.state === 'live') indexArticle(store, article);
        else store.search.remove(id);
      }
    });
  }
}
