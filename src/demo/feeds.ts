import { escapeText } from './escape-text.js';
import { type Block, parseMarkup } from './markup.js';
import type { Furniture } from './stock.js';
import { type DemoLanguage, type Story, storyPath } from './story.js';
import { OFFSET_MINUTES } from './zones.js';

const MINUTE_MS = 60_000;
/** The full-text feed holds as many as The Moscow Times' does. */
const FULL_ITEMS = 50;
const SUMMARY_ITEMS = 30;

interface FeedInput {
  origin: string;
  language: DemoLanguage;
  words: Furniture;
  stories: readonly Story[];
  changedAt: number;
}

/** `/rss/<section>`: headlines padded with white space, as some publishers' templates do, and a summary each. */
export function summaryFeed(input: FeedInput): string {
  return channel(
    input,
    input.stories.slice(0, SUMMARY_ITEMS).map((story) =>
      item(input, story, {
        title: `\n\t\t\t${escapeText(story.title)}\n\t\t`,
        description: `<description>\n\t\t\t${escapeText(story.summary)}\n\t\t</description>`,
      }),
    ),
  );
}

/**
 * `/rss/all`: whole texts, yet without headings, quotes, tables, code and pictures; an opinion's author is glued before
 * its title; the author of everything is the office. All of it habits of real feeds that a mirror must see through.
 */
export function fullFeed(input: FeedInput): string {
  return channel(
    input,
    input.stories.slice(0, FULL_ITEMS).map((story) =>
      item(input, story, {
        title: escapeText(story.kind === 'opinion' ? `${story.author}: ${story.title}` : story.title),
        description: `<description>${cdata(feedText(parseMarkup(story.body)))}</description>`,
      }),
    ),
  );
}

const feedText = (blocks: readonly Block[]): string =>
  blocks.flatMap((block) => (block.kind === 'text' ? [block.html] : [])).join('\n');

const cdata = (html: string): string => `<![CDATA[${html.replaceAll(']]>', ']]]]><![CDATA[>')}]]>`;

function channel({ origin, language, words, changedAt }: FeedInput, items: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0">
<channel>
<title>${escapeText(words.name)}</title>
<link>${origin}/${language}/</link>
<description>${escapeText(words.tagline)}</description>
<language>${language}</language>
<lastBuildDate>${rfc822(changedAt, OFFSET_MINUTES[language])}</lastBuildDate>
${items.join('\n')}
</channel>
</rss>
`;
}

function item(
  { origin, language, words }: FeedInput,
  story: Story,
  { title, description }: { title: string; description: string },
): string {
  const url = `${origin}${storyPath(story)}`;
  const enclosure =
    story.picture === null
      ? ''
      : `\n<enclosure url="${origin}/image/640/${story.picture.name}.jpg" length="1" type="image/jpeg"/>`;
  return `<item>
<title>${title}</title>
<link>${url}</link>
<guid>${url}</guid>
<pubDate>${rfc822(story.publishedAt, OFFSET_MINUTES[language])}</pubDate>
<author>newsroom@demo.example</author>
<category>${escapeText(words.sections[story.section] ?? story.section)}</category>
${description}${enclosure}
</item>`;
}

/** RFC 822 section 5.1, as RSS 2.0 asks: the local time of the offset, then the offset. */
export function rfc822(at: number, offsetMinutes: number): string {
  const local = new Date(at + offsetMinutes * MINUTE_MS).toUTCString().replace(' GMT', '');
  const two = (value: number) => String(value).padStart(2, '0');
  return `${local} +${two(Math.floor(offsetMinutes / 60))}${two(offsetMinutes % 60)}`;
}

/** All live stories of one language, with the time of their last change. */
export function sitemap(origin: string, stories: readonly Story[]): string {
  const urls = stories.map((story) => {
    const changed = new Date(story.modifiedAt ?? story.publishedAt).toISOString();
    return `<url><loc>${origin}${storyPath(story)}</loc><lastmod>${changed}</lastmod></url>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${urls.join('\n')}
</urlset>
`;
}

export function sitemapIndex(origin: string, languages: readonly DemoLanguage[]): string {
  const maps = languages.map((language) => `<sitemap><loc>${origin}/${language}/sitemap.xml</loc></sitemap>`);
  return `<?xml version="1.0" encoding="UTF-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
${maps.join('\n')}
</sitemapindex>
`;
}
