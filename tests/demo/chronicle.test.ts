import { describe, expect, it } from 'vitest';
import { type Chronicle, createChronicle } from '../../src/demo/chronicle.js';
import { loadStock } from '../../src/demo/stock.js';
import { DEMO_LANGUAGES, storyPath } from '../../src/demo/story.js';

const HOUR_MS = 3_600_000;
const FOUNDED_AT = Date.UTC(2026, 10, 20, 12);
const stock = loadStock();

function week(everyMs: number): { chronicle: Chronicle; ids: number[] } {
  const chronicle = createChronicle(stock, FOUNDED_AT);
  const ids: number[] = [];
  for (let at = FOUNDED_AT; at < FOUNDED_AT + 7 * 24 * HOUR_MS; at += everyMs)
    ids.push(chronicle.step(at).published);
  return { chronicle, ids };
}

describe('the newsroom on its first day', () => {
  const chronicle = createChronicle(stock, FOUNDED_AT);
  const all = DEMO_LANGUAGES.flatMap((language) => chronicle.stories(language));

  it.each([
    ['en', 8],
    ['ru', 6],
    ['fa', 5],
    ['zh', 5],
  ] as const)('has enough to read in %s', (language, least) => {
    expect(chronicle.stories(language).length).toBeGreaterThanOrEqual(least);
  });

  it('looks fresh: everything was published within the last four days', () => {
    for (const story of all) {
      expect(story.publishedAt).toBeLessThan(FOUNDED_AT);
      expect(story.publishedAt).toBeGreaterThan(FOUNDED_AT - 96 * HOUR_MS);
    }
  });

  it('holds each kind of article', () => {
    expect(new Set(all.map((story) => story.kind))).toEqual(
      new Set(['article', 'opinion', 'gallery', 'live']),
    );
  });

  it('has a long read of more than 2,500 words', () => {
    expect(Math.max(...all.map((story) => story.body.split(/\s+/).length))).toBeGreaterThan(2_500);
  });

  it('gives every story its own number, address, headline and a desk of its language', () => {
    for (const of of [
      all.map((story) => story.id),
      all.map((story) => storyPath(story)),
      all.map((story) => story.title),
    ]) {
      expect(new Set<unknown>(of).size).toBe(all.length);
    }
    for (const story of all) {
      expect(Object.values(stock.furniture[story.language].desks)).toContain(story.author);
      expect(stock.furniture[story.language].sections).toHaveProperty(story.section);
    }
  });

  it('illustrates stories only with drawings it has, captioned in every language', () => {
    expect(stock.pictures.size).toBeGreaterThanOrEqual(10);
    expect(Object.keys(stock.captions).sort()).toEqual([...stock.pictures.keys()].sort());
    for (const story of all) {
      const named = [...story.body.matchAll(/^!\[[^\]]*\]\(([^)]+)\)$/gm)].map((match) => match[1]);
      for (const name of story.picture === null ? named : [story.picture.name, ...named]) {
        expect(stock.pictures.has(name ?? '')).toBe(true);
      }
    }
  });
});

describe('the newsroom at work', () => {
  it('publishes one note a step, in each language in turn', () => {
    const chronicle = createChronicle(stock, FOUNDED_AT);
    const before = DEMO_LANGUAGES.map((language) => chronicle.stories(language).length);
    for (let n = 1; n <= 4; n += 1) chronicle.step(FOUNDED_AT + n);
    expect(DEMO_LANGUAGES.map((language) => chronicle.stories(language).length)).toEqual(
      before.map((count) => count + 1),
    );
  });

  it('corrects a founding article: other headline and address, same number and date', () => {
    const chronicle = createChronicle(stock, FOUNDED_AT);
    const before = chronicle.find(1101);
    const reports = [1, 2, 3].map((n) => chronicle.step(FOUNDED_AT + n));
    expect(reports.map((report) => report.edited)).toEqual([null, null, 1101]);
    const after = chronicle.find(1101);
    if (before === null || after === null) throw new Error('article 1101 is missing');
    expect(after.title).not.toBe(before.title);
    expect(storyPath(after)).not.toBe(storyPath(before));
    expect(storyPath(after)).toMatch(/-a1101$/);
    expect(after.publishedAt).toBe(before.publishedAt);
    expect(after.modifiedAt).toBe(FOUNDED_AT + 3);
    expect(after.body.startsWith(before.body)).toBe(true);
  });

  it('withdraws the article that was published too early', () => {
    const chronicle = createChronicle(stock, FOUNDED_AT);
    const reports = [1, 2, 3, 4, 5].map((n) => chronicle.step(FOUNDED_AT + n));
    expect(reports.map((report) => report.withdrawn)).toEqual([null, null, null, null, 1112]);
    expect(chronicle.find(1112)?.state).toBe('withdrawn');
    expect(chronicle.stories('en').map((story) => story.id)).not.toContain(1112);
  });

  it('runs for a week without repeating a number, a headline or an address', () => {
    const { chronicle, ids } = week(10 * 60_000);
    expect(new Set(ids).size).toBe(ids.length);
    const stories = DEMO_LANGUAGES.flatMap((language) => chronicle.stories(language));
    expect(new Set(stories.map((story) => `${story.language} ${story.title}`)).size).toBe(stories.length);
    expect(new Set(stories.map((story) => storyPath(story))).size).toBe(stories.length);
  });

  it('withdraws and rewrites no more a day than a mirror takes without asking its keeper', () => {
    const chronicle = createChronicle(stock, FOUNDED_AT);
    let touched = 0;
    for (let n = 1; n <= 144; n += 1) {
      const { edited, withdrawn } = chronicle.step(FOUNDED_AT + n * 10 * 60_000);
      if (edited !== null && chronicle.find(edited)?.language === 'en') touched += 1;
      if (withdrawn !== null) touched += 1;
    }
    expect(touched).toBeGreaterThan(0);
    expect(touched).toBeLessThanOrEqual(5);
  });

  it('writes the same week again from the same clock', () => {
    const everything = ({ chronicle }: { chronicle: Chronicle }) =>
      DEMO_LANGUAGES.map((language) => chronicle.stories(language));
    expect(everything(week(HOUR_MS))).toEqual(everything(week(HOUR_MS)));
  });
});
