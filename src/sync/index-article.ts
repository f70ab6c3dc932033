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
