import { toHttpUrl } from '../domain/http-url.js';
import type { TreeFiles } from '../files/tree-files.js';
import { type ArticleBlob, parseArticleBlob, parseNotice } from '../sign/article-blob.js';
import { blobPath } from '../sign/repository.js';
import type { StoredArticle } from '../store/article-row.js';
import type { LogRow } from '../store/log-table.js';
import type { Store } from '../store/store.js';
import { articleOf } from './article-of-blob.js';
import type { ArticleDoor } from './replica-deps.js';

export interface OwnLogDeps {
  store: Store;
  articles: ArticleDoor;
  /** The desk's own tree. */
  files: TreeFiles;
}

const BATCH = 256;

/**
 * Articles of a desk whose database was lost, out of the log it signed before: what it said last of each, with the pictures that are
 * there, and what it took back, so that no feed brings that again. Nothing of it is news to the log. Answers how many came.
 */
export function takeOwnLog(deps: OwnLogDeps, at: number): number {
  const { store } = deps;
  const state = store.desk.get();
  let taken = 0;
  for (let from = 0; from < (state?.size ?? 0); from += BATCH) {
    store.transaction(() => {
      for (const row of store.log.between(from, from + BATCH)) {
        const article = takeLine(row, deps);
        if (article === null) continue;
        store.desk.served(article.id);
        taken += 1;
      }
    });
  }
  store.transaction(() => {
    const now = store.desk.get();
    if (now !== null) store.desk.put({ ...now, publishedSeq: store.changes.lastSeq() });
    // A publisher's file may say another thing than when its card was signed last.
    for (const { id } of store.publishers.active())
      store.changes.add({ at, kind: 'publisher', publisherId: id, articleId: null, revision: null });
  });
  return taken;
}

function takeLine(row: LogRow, deps: OwnLogDeps): StoredArticle | null {
  const { store, files } = deps;
  const isText = row.kind === 'p' || row.kind === 'u';
  const last = store.log.lastOf(row.articleKey);
  if (!isText) return row.position === last?.position ? takeBack(row, deps) : null;
  if (last?.kind === 'x' || store.log.keptOf(row.articleKey).at(-1)?.position !== row.position) return null;
  const bytes = files.read(blobPath(row.hash));
  const blob = bytes === null ? null : parseArticleBlob(bytes);
  const article = blob === null ? null : articleOf(blob, deps.articles.sanitize);
  if (blob === null || article === null || store.publishers.get(blob.publisher) === null) return null;
  const saved = deps.articles.save(article, { at: Date.parse(blob.taken), edition: false });
  store.desk.setProof(saved.id, row.position, row.hash);
  takePictures(saved, blob, deps);
  return saved;
}

function takePictures(article: StoredArticle, blob: ArticleBlob, { store, files }: OwnLogDeps): void {
  for (const { src, r } of blob.media) {
    const address = toHttpUrl(src);
    const ladder = r.flatMap(({ sha256, type, w, h, step }) => {
      const bytes = files.read(blobPath(Buffer.from(sha256, 'hex')));
      return bytes === null ? [] : [{ step, type, width: w, height: h, bytes }];
    });
    if (address !== null && ladder.length > 0 && ladder.length === r.length)
      store.media.put(article.id, address, ladder, Date.parse(blob.taken));
  }
}

/** A removal, of an article that may have no words left anywhere: its row alone keeps it from coming again. */
function takeBack(row: LogRow, { store, files, articles }: OwnLogDeps): StoredArticle | null {
  const bytes = files.read(blobPath(row.hash));
  const notice = bytes === null ? null : parseNotice(bytes);
  const publisher = notice === null ? null : store.publishers.get(notice.publisher);
  if (notice === null || publisher === null) return null;
  const url = toHttpUrl(`${publisher.homepage}#${encodeURIComponent(notice.id)}`);
  const article =
    store.articles.byKey(row.articleKey) ??
    (url === null
      ? null
      : articles.save(
          {
            publisherId: notice.publisher,
            stableId: notice.id,
            ...{ guid: null, url, language: publisher.language, direction: 'ltr', kind: 'article' },
            ...{ title: '', subtitle: '', summary: '', authors: [], section: null, tags: [], lead: null },
            ...{ publishedAt: row.at, modifiedAt: null, origin: 'teaser' },
            content: articles.sanitize('', url),
          },
          { at: row.at, edition: false },
        ));
  if (article !== null)
    articles.setState(article, row.kind === 'x' ? 'tombstone' : 'withdrawn', notice.reason, row.at);
  return article;
}
