import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { extractPage } from '../../src/extract/extract-page.js';
import { toInspectPage } from '../../src/extract/inspect-page.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';

const folder = new URL('../fixtures/pages/', import.meta.url);

it.each(readdirSync(folder))('reads the page %s as a person corrected it', (name) => {
  const html = readFileSync(new URL(`${name}/page.html`, folder), 'utf8');
  const { url, paragraphs, ...data } = JSON.parse(
    readFileSync(new URL(`${name}/expected.json`, folder), 'utf8'),
  ) as { url: string; paragraphs: string[] };
  const result = extractPage(html, { url });
  if (result.kind !== 'page') throw new Error(result.reason);
  const safe = sanitizeHtml(result.page.contentHtml, { baseUrl: url });
  expect(textOf(safe).split('\n')).toEqual(paragraphs);
  expect(toInspectPage(result.page, { html: safe, text: textOf(safe) })).toMatchObject(data);
});
