import type { Publisher } from '../../src/domain/publisher.js';
import { type HostileServer, send, startHostileServer, status } from '../support/hostile-server.js';
import { testPublisher } from '../support/test-node.js';

/** A text as the stand-in publishes it. */
export interface Story {
  id: number;
  title: string;
  slug: string;
  paragraphs: readonly string[];
  publishedAt: number;
  section: string | null;
}

/** First moment of the stand-in's stories; each is an hour after the one before. */
export const FIRST_AT = Date.UTC(2026, 9, 1, 8);
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

const WORDS =
  'harbor keeper lantern ledger tide gull rope anchor fog signal captain ferry crate barrel winter storm island letter window ladder oil wick stone wall boat crew evening morning shore light map compass bell gate path garden goat kettle bread radio visitor brother winch buoy current reef channel chart pencil clock paint roof chimney school market road bridge mill river'.split(
    ' ',
  );
const VERBS = 'carries mends counts watches forgets paints follows measures borrows hides finds sells'.split(
  ' ',
);

/** A paragraph like no other: what every page of a publisher repeats counts as its furniture. */
function prose(seed: number): string {
  let state = seed * 7919 + 17;
  const pick = (words: readonly string[]) => {
    state = (state * 48271) % 2147483647;
    return words[state % words.length] ?? '';
  };
  return Array.from(
    { length: 4 },
    () =>
      `the ${pick(WORDS)} ${pick(VERBS)} a ${pick(WORDS)} near the ${pick(WORDS)}, and no ${pick(WORDS)} ${pick(VERBS)} it`,
  ).join('; ');
}

/** The `id`-th story: each has words of its own, and enough of them to be an article. */
export function story(id: number, change: Partial<Story> = {}): Story {
  const paragraphs = Array.from(
    { length: 4 },
    (_, index) => `Paragraph ${index + 1} of story ${id}: ${prose(id * 10 + index)}.`,
  );
  return {
    id,
    title: `Lighthouse report ${id}`,
    slug: `lighthouse-report-${id}`,
    paragraphs,
    publishedAt: FIRST_AT + id * HOUR_MS,
    section: null,
    ...change,
  };
}

const escapeText = (text: string) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;');
const bodyOf = (one: Story) => one.paragraphs.map((text) => `<p>${escapeText(text)}</p>`).join('');

export interface FeedOptions {
  text?: 'full' | 'summary';
  stories?: readonly Story[];
  /** Above all others, whatever their age. */
  pinned?: readonly Story[];
  /** Something that changes the bytes and not the news. */
  comment?: string;
  titles?: (one: Story) => string;
}

/** A small publisher on loopback: a feed, newest first, and a page for each story. */
export async function createStandIn(stories: Story[] = []) {
  const server: HostileServer = await startHostileServer();
  const pathOf = (one: Story) => `/news/${one.slug}-a${one.id}`;

  function feed({
    text = 'full',
    stories: shown = stories,
    pinned = [],
    comment = '',
    titles,
  }: FeedOptions = {}): string {
    const items = [...pinned, ...[...shown].sort((a, b) => b.publishedAt - a.publishedAt)].map((one) => {
      const described = text === 'full' ? bodyOf(one) : `<p>${escapeText(one.paragraphs[0] ?? '')}</p>`;
      return `<item><title>${escapeText(titles?.(one) ?? one.title)}</title><link>${server.url(pathOf(one))}</link><guid isPermaLink="false">story-${one.id}</guid><pubDate>${new Date(one.publishedAt).toUTCString()}</pubDate>${one.section === null ? '' : `<category>${one.section}</category>`}<description><![CDATA[${described}]]></description></item>`;
    });
    return `<?xml version="1.0"?><rss version="2.0"><channel><title>Stand-in</title><link>${server.url('/')}</link><description>x</description><!-- ${comment} -->${items.join('')}</channel></rss>`;
  }

  const page = (one: Story, note = '') =>
    `<!doctype html><html lang="en"><head><title>${escapeText(one.title)}</title><meta property="article:published_time" content="${new Date(one.publishedAt).toISOString()}"></head><body><nav>Menu</nav><article><h1>${escapeText(one.title)}</h1><div class="text">${bodyOf(one)}</div></article><!-- ${note} --></body></html>`;

  function serveFeed(path = '/feed.xml', options: () => FeedOptions = () => ({})): void {
    server.on(path, (request, response) =>
      send(feed(options()), { 'content-type': 'application/rss+xml' })(request, response),
    );
  }

  function servePage(one: Story, note = ''): void {
    server.on(pathOf(one), send(page(one, note), { 'content-type': 'text/html; charset=utf-8' }));
  }

  /** These stories at `path` as WordPress lists them: newest first, so many a page, and 400 past the last. */
  function servePosts(path: string, posts: readonly Story[], perPage: number, sinceAt: number): void {
    const after = encodeURIComponent(new Date(sinceAt).toISOString().replace('.000', ''));
    const newestFirst = posts
      .filter(({ publishedAt }) => publishedAt >= sinceAt)
      .sort((a, b) => b.publishedAt - a.publishedAt)
      .map((one) => ({
        id: one.id,
        link: server.url(pathOf(one)),
        guid: { rendered: `https://stand-in.example/?p=${one.id}` },
        date_gmt: new Date(one.publishedAt).toISOString().slice(0, 19),
        title: { rendered: one.title },
        content: { rendered: bodyOf(one) },
      }));
    const pages = Math.ceil(newestFirst.length / perPage);
    for (let page = 1; page <= pages; page += 1) {
      const listed = JSON.stringify(newestFirst.slice((page - 1) * perPage, page * perPage));
      server.on(`${path}?page=${page}&after=${after}`, send(listed, { 'content-type': 'application/json' }));
    }
    const past = status(400, {}, '{"code":"rest_post_invalid_page_number"}');
    server.on(`${path}?page=${pages + 1}&after=${after}`, past);
  }

  /** Puts a story in place of the one with its id, in the feed and as a page. */
  function publish(one: Story): void {
    const index = stories.findIndex((known) => known.id === one.id);
    if (index === -1) stories.push(one);
    else stories[index] = one;
    servePage(one);
  }

  const mainFeed: Publisher['sources'][number] = {
    kind: 'feed',
    url: server.url('/feed.xml'),
    text: 'full',
    role: 'main',
    section: null,
  };

  serveFeed();
  server.on('/', send(page(story(0)), { 'content-type': 'text/html' }));
  for (const one of stories) servePage(one);

  return {
    server,
    stories,
    pathOf,
    feed,
    serveFeed,
    servePage,
    servePosts,
    publish,
    /** Its page is gone and the feed no longer names it. */
    remove: (id: number, code = 410): void => {
      const index = stories.findIndex((known) => known.id === id);
      const [one] = stories.splice(index, 1);
      if (one !== undefined) server.on(pathOf(one), status(code));
    },
    publisher: (
      given: Partial<Publisher> & { pages?: Publisher['page']['fetch']; text?: 'full' | 'summary' } = {},
    ): Publisher => {
      const { pages = 'never', text = 'full', ...rest } = given;
      const base = testPublisher({
        id: 'stand-in',
        homepage: server.url('/'),
        identity: { patterns: ['-a(\\d{1,9})$'] },
        sources: [{ ...mainFeed, text }],
        ...rest,
      });
      return { ...base, page: { ...base.page, fetch: pages, title: ['h1'], content: ['.text > *'] } };
    },
    /** Its feed of whole texts, and an archive at `path` in reserve. */
    withArchive: (kind: 'sitemap' | 'wordpress', path: string): Publisher['sources'] => [
      mainFeed,
      { ...mainFeed, kind, url: server.url(path), role: 'fallback' },
    ],
    env: { TAMIZDAT_FETCH_ALLOW: server.pair },
    close: () => server.close(),
  };
}

export type StandIn = Awaited<ReturnType<typeof createStandIn>>;
