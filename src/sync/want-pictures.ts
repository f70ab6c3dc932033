import type { Article } from '../domain/article.js';
import { isDeniedCredit } from '../media/denied-credit.js';
import { galleryPictures } from '../sanitize/read-gallery.js';
import type { StoredPublisher } from '../store/publisher-table.js';
import type { PageDeps } from './page-deps.js';

/** Asks for the lead picture and those of a gallery, as far as the rights on record reach; drops what is no longer shown. */
export function wantPictures(
  publisher: StoredPublisher,
  articleId: number,
  article: Article,
  { store, config }: Pick<PageDeps, 'store' | 'config'>,
  at: number,
): void {
  const { rights, publish } = publisher;
  const ofText = publish === 'full' ? galleryPictures(article) : [];
  const shown = [
    ...(article.lead === null ? [] : [article.lead]),
    ...ofText.filter(({ credit, caption }) => !isDeniedCredit(credit, caption, rights)),
  ];
  store.media.keepOnly(
    articleId,
    shown.map(({ src }) => src),
  );
  if (!config.pictures || rights.images === 'none') return;
  for (const { src } of shown) store.media.want(articleId, src, at);
}
