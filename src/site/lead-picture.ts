import type { DataUri, PictureView } from '../render/views.js';
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
  if (!config.pictures || article?.lead === null || article === null) return [null];
  const stored = store.media.ofPicture(articleId, article.lead.src);
  const blur = stored.find((picture) => picture.step === 'blur') ?? null;
  const file =
    stored.find((picture) => picture.step === 'large') ??
    stored.find((picture) => picture.step === 'light') ??
    null;
  const steps = stored
    .filter((picture) => picture.step.startsWith('inline'))
    .sort((a, b) => b.bytes.length - a.bytes.length);
  const [biggest] = [...steps, ...(file === null ? [] : [file])];
  if (biggest === undefined) return [null];
  const base: PictureView = {
    language: article.language,
    direction: article.direction,
    inline: null,
    blur: blur === null ? null : dataUri(blur),
    width: biggest.width,
    height: biggest.height,
    alt: article.lead.alt,
    caption: article.lead.caption,
    credit: article.lead.credit,
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
