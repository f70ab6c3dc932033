import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { extractPage } from '../src/extract/extract-page.js';
import { toInspectPage } from '../src/extract/inspect-page.js';
import { decodeHtml } from '../src/parse/decode-text.js';
import { textOf } from '../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../src/sanitize/sanitize-html.js';

/*
 * npx tsx scripts/add-fixture.ts FILE-or-URL [--url ADDRESS] [--name NAME]
 * Makes tests/fixtures/pages/NAME/ with page.html and expected.json, as the extractor reads the page now, to be corrected by
 * hand. Only pages we may publish belong there: write one in the publisher's shape rather than copying its text.
 */
const args = process.argv.slice(2);
const option = (name: string): string | undefined => {
  const at = args.indexOf(`--${name}`);
  return at === -1 ? undefined : args.splice(at, 2)[1];
};
const name = option('name');
const stated = option('url');
const [source] = args;
if (source === undefined) {
  console.error('Usage: npx tsx scripts/add-fixture.ts FILE-or-URL [--url ADDRESS] [--name NAME]');
  process.exit(2);
}
const isAddress = /^https?:\/\//.test(source);
const url = stated ?? (isAddress ? source : null);
if (url === null) {
  console.error('A file does not say where it was read: add --url ADDRESS.');
  process.exit(2);
}
const { bytes, contentType } = isAddress
  ? await read(source)
  : { bytes: readFileSync(source), contentType: null };
const html = decodeHtml(bytes, contentType).text;
const result = extractPage(html, { url });
if (result.kind === 'no-article') {
  console.error(`No article was found (${result.reason}). Write expected.json by hand if there is one.`);
  process.exit(1);
}
const safe = sanitizeHtml(result.page.contentHtml, { baseUrl: url });
const {
  content_html: _,
  content_text: text,
  ...rest
} = toInspectPage(result.page, { html: safe, text: textOf(safe) }) as {
  content_html: string;
  content_text: string;
};
const slug = (name ?? basename(new URL(url).pathname))
  .toLowerCase()
  .replace(/[^a-z0-9]+/g, '-')
  .replace(/^-|-$/g, '');
const folder = new URL(`../tests/fixtures/pages/${slug || 'page'}/`, import.meta.url);
mkdirSync(folder, { recursive: true });
writeFileSync(new URL('page.html', folder), html);
writeFileSync(
  new URL('expected.json', folder),
  `${JSON.stringify({ url, ...rest, paragraphs: text.split('\n') }, null, 2)}\n`,
);
console.log(
  `${folder.pathname}: now correct expected.json by hand; tests/extract/fixture-pages.test.ts runs it.`,
);

async function read(address: string): Promise<{ bytes: Uint8Array; contentType: string | null }> {
  const response = await fetch(address);
  if (!response.ok) {
    console.error(
      `${address} answers ${response.status}. Save the page in a browser and name the file instead.`,
    );
    process.exit(1);
  }
  return {
    bytes: new Uint8Array(await response.arrayBuffer()),
    contentType: response.headers.get('content-type'),
  };
}
