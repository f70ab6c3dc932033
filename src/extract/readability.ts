import { Readability } from '@mozilla/readability';
import { parseHTML } from 'linkedom';

/** Pages with more elements than this are not worth the fallback's time. */
const MAX_ELEMENTS = 60_000;

/** The body as Mozilla's Readability finds it; null where it finds none. The fallback, and the judge to beat. */
export const readableContent = (html: string, url: string): string | null =>
  readableData(html, url)?.content ?? null;

/** All that Readability says of a page; null where it finds no article. */
export function readableData(html: string, url: string) {
  try {
    const { document } = parseHTML(html);
    const base = document.createElement('base');
    base.setAttribute('href', url);
    document.head?.prepend(base);
    return new Readability(document as never, {
      maxElemsToParse: MAX_ELEMENTS,
      charThreshold: 200,
    }).parse();
  } catch {
    return null;
  }
}
