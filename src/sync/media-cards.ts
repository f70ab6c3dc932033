import type { ArticleKind } from '../domain/article.js';
import type { Enclosure, FeedEntry } from '../domain/feed.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { safeBlocks } from '../sanitize/safe-text.js';

/** Some feeds give a video's page as an enclosure of type text/plain. */
const VIDEO_PAGE = /^https?:\/\/(?:www\.|m\.)?(?:youtube\.com|youtu\.be|vimeo\.com|rutube\.ru|vkvideo\.ru)\//;
const CARD = '<aside class="embed">';

const isAudio = ({ type }: Enclosure): boolean => /^audio\//i.test(type ?? '');
const isVideo = ({ type, url }: Enclosure): boolean => /^video\//i.test(type ?? '') || VIDEO_PAGE.test(url);

/** What an entry's recordings make of its article; null where it has none. */
export function kindByMedia({ enclosures }: FeedEntry): ArticleKind | null {
  if (enclosures.some(isVideo)) return 'video';
  return enclosures.some(isAudio) ? 'podcast' : null;
}

const clock = (seconds: number): string => {
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60)];
  const tail = String(Math.round(seconds % 60)).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
};

const quoted = (text: string): string =>
  text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/**
 * Embeds for the recordings of an entry, each a card once it is sanitized: service, length and size as far as the feed says
 * them. Nothing of them is fetched.
 */
export function mediaEmbeds({ enclosures }: FeedEntry): string {
  return enclosures
    .filter((one) => isAudio(one) || isVideo(one))
    .map(({ url, bytes, seconds }) => {
      const title = [
        seconds === undefined ? null : clock(seconds),
        bytes === null ? null : `${(bytes / 1e6).toFixed(1)} MB`,
      ].filter((part) => part !== null);
      return `<iframe src="${quoted(url)}" title="${title.join(', ')}"></iframe>`;
    })
    .join('');
}

/** A page's text with the cards that the feed gave and the page does not show. */
export function withCards(content: SafeHtml, known: SafeHtml): SafeHtml {
  const cards = safeBlocks(known).filter((block) => block.startsWith(CARD));
  const missing = cards.filter((card) => !content.includes(/href="[^"]*"/.exec(card)?.[0] ?? card));
  return (content + missing.join('')) as SafeHtml;
}
