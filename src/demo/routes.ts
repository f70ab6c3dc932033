import type { Chronicle } from './chronicle.js';
import { classicPage } from './classic-page.js';
import { escapeText } from './escape-text.js';
import { fullFeed, sitemap, sitemapIndex, summaryFeed } from './feeds.js';
import { loosePage } from './loose-page.js';
import { parseMarkup } from './markup.js';
import { link } from './page-parts.js';
import type { Pictures } from './pictures.js';
import type { Stock } from './stock.js';
import { DEMO_LANGUAGES, type DemoLanguage, type Story, storyPath } from './story.js';

export interface Answer {
  status: number;
  type: string;
  body: string | Buffer;
  /** When what is answered last changed, in milliseconds since the epoch; null: no Last-Modified. */
  changedAt: number | null;
}

const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const RELATED = 3;

const html = (body: string, changedAt: number | null = null, status = 200): Answer => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
  changedAt,
});
const xml = (body: string, changedAt: number | null = null): Answer => ({
  status: 200,
  type: 'application/xml; charset=utf-8',
  body,
  changedAt,
});

/** The newsroom's site: what stands at each path. */
export function createRoutes(stock: Stock, chronicle: Chronicle, pictures: Pictures, origin: () => string) {
  function article(story: Story): Answer {
    const words = stock.furniture[story.language];
    if (story.state === 'withdrawn')
      return html(notice(story.language, words.withdrawn), story.modifiedAt, 410);
    const others = chronicle.stories(story.language).filter((other) => other.publishedAt < story.publishedAt);
    const input = {
      origin: origin(),
      words,
      story,
      blocks: parseMarkup(story.body),
      // Older ones only, so that a page stays as it is when something new appears.
      related: others.slice(0, RELATED),
    };
    const page = story.language === 'en' || story.language === 'ru' ? classicPage(input) : loosePage(input);
    return html(page, story.modifiedAt ?? story.publishedAt);
  }

  function feed(language: DemoLanguage, name: string): Answer | null {
    const words = stock.furniture[language];
    const stories = chronicle.stories(language);
    const input = { origin: origin(), language, words, stories, changedAt: chronicle.changedAt(language) };
    if (name === 'all') return xml(fullFeed(input), input.changedAt);
    if (name === 'news') return xml(summaryFeed(input), input.changedAt);
    if (!(name in words.sections)) return null;
    const ofSection = stories.filter((story) => story.section === name);
    return xml(summaryFeed({ ...input, stories: ofSection }), input.changedAt);
  }

  function notice(language: DemoLanguage, text: string): string {
    const words = stock.furniture[language];
    return `<!doctype html><html lang="${language}"><head><meta charset="utf-8"><title>${escapeText(words.name)}</title></head><body><h1>${link(`/${language}/`, words.name)}</h1><p>${escapeText(text)}</p></body></html>`;
  }

  function front(language: DemoLanguage, section: string | null): Answer {
    const words = stock.furniture[language];
    const stories = chronicle
      .stories(language)
      .filter((story) => section === null || story.section === section);
    const items = stories
      .slice(0, 40)
      .map((story) => `<li>${link(storyPath(story), story.title)}<p>${escapeText(story.summary)}</p></li>`);
    const dir = language === 'fa' ? 'rtl' : 'ltr';
    const page = `<!doctype html><html lang="${language}" dir="${dir}"><head><meta charset="utf-8"><title>${escapeText(words.name)}</title></head><body><h1>${escapeText(words.name)}</h1><p>${escapeText(words.tagline)}</p><ol>${items.join('')}</ol></body></html>`;
    return html(page, chronicle.changedAt(language));
  }

  function ofLanguage(language: DemoLanguage, path: string): Answer | null {
    const id = /-a(\d{1,9})$/.exec(path)?.[1];
    if (id !== undefined) {
      // Only the number counts: date and words of an address may be anything, as on sites that rename headlines.
      const story = chronicle.find(Number(id));
      return story?.language === language ? article(story) : null;
    }
    const feedName = /^rss\/([a-z]+)$/.exec(path)?.[1];
    if (feedName !== undefined) return feed(language, feedName);
    if (path === 'sitemap.xml') {
      return xml(sitemap(origin(), chronicle.stories(language)), chronicle.changedAt(language));
    }
    if (path === '') return front(language, null);
    return path in stock.furniture[language].sections ? front(language, path) : null;
  }

  /** Answers a path without its query; what is not there is a 404 in the language of the path. */
  return async function answer(path: string): Promise<Answer> {
    if (path === '/')
      return html(DEMO_LANGUAGES.map((l) => link(`/${l}/`, stock.furniture[l].name)).join('<br>'));
    if (path === '/robots.txt') {
      const body = `User-agent: *\nDisallow: /*/search\nDisallow: /*/share\n\nSitemap: ${origin()}/sitemap.xml\n`;
      return { status: 200, type: 'text/plain; charset=utf-8', body, changedAt: null };
    }
    if (path === '/sitemap.xml') return xml(sitemapIndex(origin(), DEMO_LANGUAGES));
    if (path === '/pixel.gif') return { status: 200, type: 'image/gif', body: PIXEL, changedAt: null };
    const [, width, name] = /^\/image\/(\d{3,4})\/([a-z0-9-]+)\.jpg$/.exec(path) ?? [];
    if (width !== undefined && name !== undefined) {
      const bytes = await pictures.jpeg(name, Number(width));
      if (bytes !== null) return { status: 200, type: 'image/jpeg', body: bytes, changedAt: null };
    }
    const [, first, rest] = /^\/([a-z]{2})\/(.*)$/.exec(path) ?? [];
    const language = DEMO_LANGUAGES.find((known) => known === first);
    if (language === undefined) return html(notice('en', stock.furniture.en.missing), null, 404);
    return (
      ofLanguage(language, rest ?? '') ?? html(notice(language, stock.furniture[language].missing), null, 404)
    );
  };
}
