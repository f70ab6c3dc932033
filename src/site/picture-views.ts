import type { CaptionedPicture } from '../domain/article.js';
import type { DataUri, PictureView } from '../render/views.js';
import type { StoredArticle } from '../store/article-row.js';
import type { StoredPicture } from '../store/media-table.js';
import type { Store } from '../store/store.js';
import { relativeHref } from './paths.js';
import type { SiteConfig } from './site-config.js';

/** The picture's own address in the tree. */
export const mediaPath = (picture: { sha256: Uint8Array; type: string }): string =>
  `/media/${Buffer.from(picture.sha256).toString('hex')}.${picture.type.split('/')[1] ?? 'bin'}`;

const dataUri = (picture: StoredPicture): DataUri =>
  `data:${picture.type as `image/${string}`};base64,${Buffer.from(picture.bytes).toString('base64')}`;

/**
 * The lead picture of an article in every form it could take on the page, heaviest first: each inline step, then only the blur,
 * then none. The first that fits is the one shown.
 */
export function leadPicture(
  config: SiteConfig,
  store: Store,
  path: string,
  articleId: number,
): readonly (PictureView | null)[] {
  const article = store.articles.get(articleId);
  if (!config.pictures || article === null || article.lead === null) return [null];
  const views = pictureViews(store, path, article, article.lead);
  return views.length === 0 ? [null] : views;
}

/** A picture of a gallery in the same forms; where this mirror has no copy of it, its words and the way to the original. */
export function galleryPicture(
  store: Store,
  path: string,
  article: StoredArticle,
  picture: CaptionedPicture,
): readonly PictureView[] {
  const views = pictureViews(store, path, article, picture);
  if (views.length > 0) return views;
  return [{ ...wordsOf(article, picture), original: article.url }];
}

const wordsOf = (article: StoredArticle, { alt, caption, credit }: CaptionedPicture): PictureView => ({
  language: article.language,
  direction: article.direction,
  inline: null,
  blur: null,
  width: 0,
  height: 0,
  alt,
  caption,
  credit,
  file: null,
  original: null,
});

/** None where the store has no bytes of it. */
function pictureViews(
  store: Store,
  path: string,
  article: StoredArticle,
  picture: CaptionedPicture,
): readonly PictureView[] {
  const stored = store.media.ofPicture(article.id, picture.src);
  const blur = stored.find(({ step }) => step === 'blur') ?? null;
  const file =
    stored.find(({ step }) => step === 'large') ?? stored.find(({ step }) => step === 'light') ?? null;
  const steps = stored
    .filter(({ step }) => step.startsWith('inline'))
    .sort((a, b) => b.bytes.length - a.bytes.length);
  const [biggest] = [...steps, ...(file === null ? [] : [file])];
  if (biggest === undefined) return [];
  const base: PictureView = {
    ...wordsOf(article, picture),
    blur: blur === null ? null : dataUri(blur),
    width: biggest.width,
    height: biggest.height,
    file: file === null ? null : { href: relativeHref(path, mediaPath(file)), bytes: file.bytes.length },
  };
  const inline = steps.map((step) => ({
    ...base,
    inline: { src: dataUri(step), type: step.type },
    width: step.width,
    height: step.height,
  }));
  return [...inline, base, { ...base, blur: null }];
}
