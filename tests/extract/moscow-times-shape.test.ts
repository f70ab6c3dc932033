import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ExtractedPage } from '../../src/domain/extracted-page.js';
import type { PageRules } from '../../src/domain/publisher.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { createFurnitureIndex } from '../../src/extract/furniture-index.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';
import { tokenOverlap } from './scoring.js';

interface Expected {
  url: string;
  title: string;
  subtitle: string | null;
  authors: string[];
  published: string;
  modified: string | null;
  section: string;
  tags: string[];
  lead: { src: string; caption: string; credit: string } | null;
  pictures: { src: string; caption: string; credit: string }[];
  embeds: number;
  paragraphs: string[];
}

const folder = new URL('../fixtures/moscow-times-shape/', import.meta.url);
const cases = readdirSync(folder).map((name) => ({
  name,
  html: readFileSync(new URL(`${name}/page.html`, folder), 'utf8'),
  expected: JSON.parse(readFileSync(new URL(`${name}/expected.json`, folder), 'utf8')) as Expected,
}));
const publisher = parse(
  readFileSync(new URL('../../data/publishers/moscow-times.yaml', import.meta.url), 'utf8'),
) as { page: PageRules; timeZone: string };

/** All pages are fed first, as a publisher's pages come, so that what they repeat is known. */
function pagesWith(rules: PageRules | null): Map<string, ExtractedPage> {
  const furniture = createFurnitureIndex();
  const read = ({ html, expected }: (typeof cases)[number]) =>
    extractPage(html, { url: expected.url, rules, furniture, timeZone: publisher.timeZone });
  for (const each of cases) read(each);
  return new Map(
    cases.flatMap((each) => {
      const result = read(each);
      return result.kind === 'page' ? [[each.name, result.page]] : [];
    }),
  );
}

const bodyOf = (page: ExtractedPage | undefined): string[] =>
  textOf(sanitizeHtml(page?.contentHtml ?? '', { baseUrl: 'https://www.themoscowtimes.com/' })).split('\n');

const withRules = pagesWith(publisher.page);
const withoutRules = pagesWith(null);

describe.each(cases)('article $name in The Moscow Times’ shape', ({ name, expected }) => {
  const page = withRules.get(name);

  it('has every paragraph of the text and nothing of the frame round it', () => {
    expect(bodyOf(page)).toEqual(expected.paragraphs);
  });

  it('has nearly all of them where no selectors are known, and still nothing of the frame', () => {
    const body = bodyOf(withoutRules.get(name));
    expect(body.filter((line) => !expected.paragraphs.includes(line))).toEqual([]);
    expect(tokenOverlap(expected.paragraphs.join('\n'), body.join('\n')).recall).toBeGreaterThan(0.85);
  });

  it('says who wrote it, when, and what it is about', () => {
    expect({
      title: page?.title,
      subtitle: page?.subtitle,
      authors: page?.authors.map((author) => author.name),
      published: page?.publishedAt,
      modified: page?.modifiedAt,
      section: page?.section,
      tags: page?.tags,
    }).toEqual({
      title: expected.title,
      subtitle: expected.subtitle,
      authors: expected.authors,
      published: Date.parse(expected.published),
      modified: expected.modified === null ? null : Date.parse(expected.modified),
      section: expected.section,
      tags: expected.tags,
    });
  });

  it('tells the lead picture’s caption from its credit', () => {
    const lead = page?.lead ?? null;
    if (expected.lead === null) expect(lead?.caption ?? '').toBe('');
    else expect(lead).toMatchObject(expected.lead);
  });

  it('keeps the pictures and embeds that stand in the text', () => {
    const html = sanitizeHtml(page?.contentHtml ?? '', { baseUrl: expected.url });
    expect([...html.matchAll(/<figure data-src="([^"]*)"/g)].map(([, src]) => src)).toEqual(
      expected.pictures.map(({ src }) => src),
    );
    for (const { caption, credit } of expected.pictures) {
      expect(html).toContain(caption);
      if (credit !== '') expect(html).toContain(`<small>${credit}</small>`);
    }
    expect(html.match(/<aside class="embed">|<blockquote><p>The boxes/g)?.length ?? 0).toBe(expected.embeds);
  });
});
