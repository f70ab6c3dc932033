import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toMatchQuery } from '../../src/store/tokenizer.js';
import { send, status } from '../support/hostile-server.js';
import { createManualClock, type ManualClock } from '../support/manual-clock.js';
import { createTestNode } from '../support/test-node.js';
import { createStandIn, DAY_MS, FIRST_AT, HOUR_MS, type StandIn, story } from './stand-in.js';

let clock: ManualClock;
let site: StandIn;
let node: Awaited<ReturnType<typeof createTestNode>>;

const OLD = 'Zvezdana Quillfeather';

beforeEach(async () => {
  clock = createManualClock(FIRST_AT + 3 * HOUR_MS);
  site = await createStandIn([story(1), story(2)]);
});

afterEach(async () => {
  await node.close();
  await site.close();
});

/** The page of story 1 with these names under its headline. */
function signed(authors: readonly string[], paragraphs = story(1).paragraphs): void {
  const byline = authors.map((name) => `<span class="who">${name}</span>`).join(', ');
  const text = paragraphs.map((paragraph) => `<p>${paragraph}</p>`).join('');
  site.server.on(
    site.pathOf(story(1)),
    send(
      `<!doctype html><html lang="en"><head><title>x</title></head><body><article><h1>${story(1).title}</h1><p class="by">${byline}</p><div class="text">${text}</div></article></body></html>`,
      { 'content-type': 'text/html' },
    ),
  );
}

const start = async (env: Record<string, string> = {}, authors = ['.who']) => {
  const given = site.publisher({ pages: 'always' });
  const page = { ...given.page, authors };
  node = await createTestNode({ publishers: [{ ...given, page }], clock, env: { ...site.env, ...env } });
  await node.pass();
};
const later = async (ms: number) => {
  clock.advance(ms);
  return (await node.pass({ force: true })).publishers[0];
};
const article = () => {
  const found = node.engine.store.articles.find('stand-in', { stableId: '1', guid: null, url: null });
  if (found === null) throw new Error('no article');
  return found;
};
const everyDocument = async (): Promise<string> => {
  const parts: string[] = [];
  for (const path of node.engine.store.pages.allPaths()) parts.push((await node.get(path)).text);
  return parts.join('\n');
};
/** Names of the files of the state folder, the signed tree's packs unpacked, that hold `text` in any of their bytes, in any case. */
const filesWith = (text: string): string[] =>
  readdirSync(node.home, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      const plain = file.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      return plain.toString('latin1').toLowerCase().includes(text.toLowerCase());
    });

describe('a byline that becomes a pseudonym', () => {
  it('leaves the old name in no document, no revision and no byte of the database', async () => {
    signed([OLD, 'Ann Example']);
    await start();
    signed([OLD, 'Ann Example'], [...story(1).paragraphs, 'A sentence was added later.']);
    await later(6 * HOUR_MS);
    expect(article().revision).toBe(2);
    expect(await everyDocument()).toContain(OLD);
    expect(filesWith(OLD)).not.toEqual([]);

    signed(['A reporter', 'Ann Example'], [...story(1).paragraphs, 'A sentence was added later.']);
    expect(await later(DAY_MS)).toMatchObject({ changed: 1 });
    expect(article()).toMatchObject({
      revision: 3,
      authors: [{ name: 'A reporter' }, { name: 'Ann Example' }],
    });
    expect(node.engine.store.changes.between(0, 99).at(-1)).toMatchObject({ kind: 'correct', revision: 3 });
    const changes = (await node.get('/stand-in/a1/changes/')).text;
    expect(changes).toContain('A sentence was added later.');
    expect(changes).not.toContain('Quillfeather');
    expect(await everyDocument()).not.toContain('Quillfeather');
    expect(filesWith('Quillfeather')).toEqual([]);
  });

  it('leaves with headline, summary, biography and credit of every earlier revision, with search and what was signed', async () => {
    const named = (who: string, note = '') => {
      const [first = '', ...rest] = story(1).paragraphs;
      const biography = `${who} has written of lamps since she was nine years old.`;
      site.server.on(
        site.pathOf(story(1)),
        send(
          `<!doctype html><html lang="en"><head><title>x</title></head><body><article><h1>${who}: a report</h1><p class="by"><span class="who">${who}</span></p><div class="text"><p>${first}</p><figure><img src="/a.jpg" alt="a lamp" width="640" height="480"><figcaption>A lamp <span class="credit">${who}</span></figcaption></figure>${[...rest, note, biography].map((text) => `<p>${text}</p>`).join('')}</div></article></body></html>`,
          { 'content-type': 'text/html' },
        ),
      );
    };
    const summary = `${OLD} reports from the harbor.`;
    const feed = story(1, { paragraphs: [summary] });
    site.serveFeed('/feed.xml', () => ({ stories: [feed] }));
    named(OLD);
    await start({ TAMIZDAT_DESK_ENABLED: 'true' });
    named(OLD, 'A sentence was added later.');
    await later(6 * HOUR_MS);
    expect(article()).toMatchObject({ revision: 2, title: `${OLD}: a report`, summary });
    expect(filesWith('Quillfeather').some((file) => file.includes('signed'))).toBe(true);
    const found = () =>
      node.engine.store.search.find(toMatchQuery('Quillfeather') ?? '', {
        publisherId: null,
        fromAt: null,
        now: clock.now(),
      }).ids;
    expect(found()).toHaveLength(1);

    named('A reporter', 'A sentence was added later.');
    await later(DAY_MS);
    expect(article()).toMatchObject({ revision: 3, title: 'A reporter: a report' });
    expect(article().summary).toMatch(/^Paragraph 1 of story 1/);
    expect((await node.get('/stand-in/a1/changes/')).text).toContain('A sentence was added later.');
    expect(found()).toEqual([]);
    expect(await everyDocument()).not.toMatch(/quillfeather/i);
    // Nor a beginning of it, as the search index stores words by what they do not share with their neighbors.
    expect(filesWith('quillf')).toEqual([]);
    expect(filesWith('illfeath')).toEqual([]);
  });

  it('leaves with every address that spelled it, which still leads to the article', async () => {
    const feedOf = (path: string) =>
      site.server.on('/feed.xml', (request, response) => {
        const url = site.server.url(path);
        send(
          `<rss version="2.0"><channel><item><title>${story(1).title}</title><link>${url}</link><guid>${url}</guid></item></channel></rss>`,
          { 'content-type': 'application/rss+xml' },
        )(request, response);
      });
    const pageOf = (path: string, who: string, canonical = path) =>
      site.server.on(
        path,
        send(
          `<!doctype html><html lang="en"><head><title>x</title><link rel="canonical" href="${site.server.url(canonical)}"></head><body><article><h1>${story(1).title}</h1><p class="by"><span class="who">${who}</span></p><div class="text"><figure><img src="${canonical}.jpg" alt="a lamp" width="640" height="480"></figure>${story(
            1,
          )
            .paragraphs.map((paragraph) => `<p>${paragraph}</p>`)
            .join('')}</div></article></body></html>`,
          { 'content-type': 'text/html' },
        ),
      );
    const [old, newer, newest] = ['/news/quillfeather-on-lamps-a1', '/news/on-lamps-a1', '/news/lamps-a1'];
    feedOf(old);
    site.server.on(old, status(503));
    await start({ TAMIZDAT_DESK_ENABLED: 'true' });
    pageOf(old, OLD);
    await later(HOUR_MS);
    expect(article()).toMatchObject({ authors: [{ name: OLD }], url: site.server.url(old) });
    expect(filesWith('quillfeather').some((file) => file.includes('signed'))).toBe(true);

    // The feed still names the old address; the page, which goes by its number, says where it stands now.
    pageOf(old, 'A reporter', newer);
    await later(6 * HOUR_MS);
    expect(article()).toMatchObject({ authors: [{ name: 'A reporter' }], url: site.server.url(newer) });
    expect(filesWith('quillfeather')).toEqual([]);

    feedOf(newest);
    pageOf(newest, 'A reporter');
    await later(6 * HOUR_MS);
    expect(article().url).toBe(site.server.url(newest));
    const names = { stableId: '', guid: null };
    for (const path of [old, newer, newest])
      expect(node.engine.store.articles.find('stand-in', { ...names, url: site.server.url(path) })?.id).toBe(
        article().id,
      );
    expect(filesWith('quillfeather')).toEqual([]);
    expect(node.engine.store.lists.count({ publisherId: 'stand-in' })).toBe(1);
  });

  it('leaves though its article was written anew and waits for the keeper', async () => {
    signed([OLD]);
    await start();
    signed(['A reporter'], story(51).paragraphs);
    node.engine.store.meta.put('rewrites:stand-in', JSON.stringify(Array(5).fill(clock.now() + 8 * DAY_MS)));
    await later(8 * DAY_MS);
    expect(node.engine.store.decisions.open()).toMatchObject([{ kind: 'rewrite', detail: '1' }]);
    expect(article()).toMatchObject({ authors: [{ name: 'A reporter' }] });
    expect(article().content).toContain('of story 1');
    expect(filesWith('Quillfeather')).toEqual([]);
  });

  describe('where nobody told us how the publisher marks its bylines', () => {
    const bySchema = (names: readonly string[]) => {
      const data = { '@type': 'NewsArticle', author: names.map((name) => ({ '@type': 'Person', name })) };
      const text = story(1)
        .paragraphs.map((paragraph) => `<p>${paragraph}</p>`)
        .join('');
      site.server.on(
        site.pathOf(story(1)),
        send(
          `<!doctype html><html lang="en"><head><title>x</title><script type="application/ld+json">${JSON.stringify(data)}</script></head><body><article><h1>${story(1).title}</h1><div class="text">${text}</div></article></body></html>`,
          { 'content-type': 'text/html' },
        ),
      );
    };
    const feedBy = (author: string) =>
      site.server.on('/feed.xml', (request, response) =>
        send(
          `<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><item><title>${story(1).title}</title><link>${site.server.url(site.pathOf(story(1)))}</link><guid>story-1</guid><dc:creator>${author}</dc:creator></item></channel></rss>`,
          { 'content-type': 'application/rss+xml' },
        )(request, response),
      );

    it('is taken off with the byline of the page that had given it', async () => {
      bySchema([OLD]);
      await start({}, []);
      expect(article().authors).toEqual([{ name: OLD }]);
      bySchema([]);
      await later(6 * HOUR_MS);
      expect(article().authors).toEqual([]);
      expect(filesWith('Quillfeather')).toEqual([]);
    });

    it('follows the feed that had given it, where the page says nothing', async () => {
      bySchema([]);
      feedBy(OLD);
      await start({}, []);
      await later(6 * HOUR_MS);
      expect(article()).toMatchObject({ authors: [{ name: OLD }], page: { state: 'read' } });
      feedBy('A reporter');
      await later(6 * HOUR_MS);
      expect(article()).toMatchObject({ authors: [{ name: 'A reporter' }], revision: 2 });
      expect(filesWith('Quillfeather')).toEqual([]);
    });
  });

  it('is told from an author who was only added, which is shown as a change', async () => {
    signed(['Ann Example']);
    await start();
    signed(['Ann Example', 'Bo Sample']);
    await later(6 * HOUR_MS);
    expect(article().revision).toBe(2);
    expect(node.engine.store.revisions.of(article().id).map(({ fields }) => fields)).toEqual([
      [],
      ['authors'],
    ]);
    expect((await node.get('/stand-in/a1/changes/')).text).toContain('Bo Sample');
  });
});
