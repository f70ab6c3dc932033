import type { Article, CaptionedPicture } from '../domain/article.js';
import type { Enclosure, FeedEntry } from '../domain/feed.js';
import type { Rights } from '../domain/publisher.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { isDeniedCredit } from '../media/denied-credit.js';
import { takeFirstPicture } from '../sanitize/read-gallery.js';

/**
 * The picture that an entry gives its article while no page is read: the one its text begins with, which leaves the text, else the
 * widest one enclosed. A denied one stays where it is, a figure without its picture.
 */
export function leadOfEntry(
  { enclosures }: FeedEntry,
  content: SafeHtml,
  rights: Rights,
): Pick<Article, 'lead' | 'content'> {
  const first = takeFirstPicture(content);
  if (first !== null) {
    const { picture, rest } = first;
    return isDeniedCredit(picture.credit, picture.caption, rights)
      ? { lead: null, content }
      : { lead: picture, content: rest };
  }
  const [widest] = enclosures.filter(isPicture).sort((a, b) => (b.width ?? 0) - (a.width ?? 0));
  return { lead: widest === undefined ? null : enclosedLead(widest, rights), content };
}

const isPicture = ({ type }: Enclosure): boolean => /^image\//i.test(type ?? '');

/** An enclosure seldom says whose picture it is: without a word about it, only a publisher who gives all of them gives this one. */
function enclosedLead(
  { url: src, alt = '', caption = '', credit = '' }: Enclosure,
  rights: Rights,
): CaptionedPicture | null {
  const isNamed = caption !== '' || credit !== '';
  if (isDeniedCredit(credit, caption, rights) || !(isNamed || rights.images === 'all')) return null;
  return { src, alt, caption, credit };
}
