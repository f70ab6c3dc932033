import { describe, expect, it } from 'vitest';
import { createChronicle } from '../../src/demo/chronicle.js';
import { demoPublishers } from '../../src/demo/demo-publishers.js';
import { createPictures } from '../../src/demo/pictures.js';
import { createRoutes } from '../../src/demo/routes.js';
import { loadStock } from '../../src/demo/stock.js';
import { DEMO_LANGUAGES, type DemoLanguage, storyPath } from '../../src/demo/story.js';
import type { SafeHtml } from '../../src/domain/safe-html.js';
import { extractPage } from '../../src/extract/extract-page.js';
import { createFurnitureIndex } from '../../src/extract/furniture-index.js';
import { textOf } from '../../src/sanitize/safe-text.js';
import { sanitizeHtml } from '../../src/sanitize/sanitize-html.js';
import { quietReason, shrunkReason } from '../../src/sync/source-health.js';
import { unfurnished } from '../../src/sync/unfurnished.js';

const MINUTE_MS = 60_000;
const FOUNDED_AT = Date.UTC(2026, 10, 23, 9);
const ORIGIN = 'http://127.0.0.1:4030';
/** As the newsroom paces itself: an hour of a note a minute, then one every ten minutes until the day is over. */
const DAY = [
  ...Array.from({ length: 60 }, (_, index) => index + 1),
  ...Array.from({ length: 138 }, (_, index) => 60 + (index + 1) * 10),
].map((minute) => FOUNDED_AT + minute * MINUTE_MS);

const stock = loadStock();

/** A mirror's view of one language's newsroom: the pages read as they come, and what they say of the newsroom's health. */
async function aDayOf(language: DemoLanguage) {
  const chronicle = createChronicle(stock, FOUNDED_AT);
  const answer = createRoutes(stock, chronicle, createPictures(stock.pictures), () => ORIGIN);
  const publisher = demoPublishers(ORIGIN).find((one) => one.language === language);
  const furniture = createFurnitureIndex();
  const read = new Map<number, SafeHtml>();
  const worries: string[] = [];

  async function readPage(id: number): Promise<void> {
    const story = chronicle.find(id);
    if (story?.language !== language || publisher === undefined) return;
    const path = storyPath(story);
    const { page: rules, timeZone } = publisher;
    const { body } = await answer(path);
    const extracted = extractPage(String(body), { url: `${ORIGIN}${path}`, rules, timeZone, furniture });
    const contentHtml = extracted.kind === 'page' ? extracted.page.contentHtml : '';
    read.set(id, sanitizeHtml(contentHtml, { baseUrl: ORIGIN }));
  }

  for (const { id } of stock.founding) await readPage(id);
  for (const at of DAY) {
    const { published, edited } = chronicle.step(at);
    await readPage(published);
    if (edited !== null) await readPage(edited);
    if (chronicle.find(published)?.language !== language) continue;
    const stories = chronicle.stories(language).slice(0, 61);
    const shrunk = shrunkReason(stories.map(({ id }) => textOf(read.get(id) ?? ('' as SafeHtml)).length));
    const quiet = quietReason(
      stories.map((story) => story.publishedAt),
      at,
    );
    worries.push(...[shrunk, quiet].filter((reason) => reason !== null));
  }
  // As the mirror keeps them at the end of the day, when it knows what the newsroom repeats.
  const kept = chronicle.stories(language).flatMap((story) => {
    const text = textOf(unfurnished(read.get(story.id) ?? ('' as SafeHtml), furniture));
    // A founding article has more than paragraphs.
    const paragraphs = story.tags.length > 0 ? [] : story.body.split('\n\n');
    return paragraphs.map((paragraph) => ({ story: story.id, paragraph, isThere: text.includes(paragraph) }));
  });
  return { worries, lost: kept.filter(({ isThere }) => !isThere), paragraphs: kept.length };
}

describe.each(DEMO_LANGUAGES)('a newsroom in %s on its first day', (language) => {
  it('never looks ill to its mirror, which keeps every note whole', async () => {
    const { worries, lost, paragraphs } = await aDayOf(language);
    expect(paragraphs).toBeGreaterThan(490);
    expect(lost).toEqual([]);
    expect(worries).toEqual([]);
  });
});
