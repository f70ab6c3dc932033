import { extractPage } from '../../src/extract/extract-page.js';
import { createFurnitureIndex } from '../../src/extract/furniture-index.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';
import type { CorpusPage } from './corpus-pages.js';

/** Pages of one outlet fed together, so that what they repeat is known, and then each with its text. */
export function syntheticPages(pages: readonly CorpusPage[]): { page: CorpusPage; text: string }[] {
  const furniture = createFurnitureIndex();
  for (const page of pages) extractPage(page.html, { url: page.url, furniture });
  return pages.map((page) => {
    const result = extractPage(page.html, { url: page.url, furniture });
    const html = result.kind === 'page' ? result.page.contentHtml : '';
    return { page, text: textOf(sanitizeHtml(html, { baseUrl: page.url })) };
  });
}
