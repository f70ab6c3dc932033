import { escapeText } from './escape-text.js';
import type { Block } from './markup.js';
import type { Furniture } from './stock.js';
import { type Story, storyPath } from './story.js';
import { TIME_ZONES } from './zones.js';

const MINUTE_MS = 60_000;

export interface PageInput {
  origin: string;
  words: Furniture;
  story: Story;
  blocks: readonly Block[];
  /** Other stories of the same language: the furniture links to them. */
  related: readonly Story[];
}

/** What stands in a body apart from the entries that may hold it. */
export type PageBlock = Exclude<Block, { kind: 'entry' }>;

/** `<html>` with the metadata a publisher's page carries; JSON-LD only where `jsonLd` asks for it. */
export function htmlDocument({ origin, words, story }: PageInput, jsonLd: boolean, body: string): string {
  const url = `${origin}${storyPath(story)}`;
  const image = story.picture === null ? null : `${origin}/image/1360/${story.picture.name}.jpg`;
  const meta = (property: string, content: string) =>
    `<meta property="${property}" content="${escapeText(content)}">`;
  const head = [
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escapeText(story.title)} - ${escapeText(words.name)}</title>`,
    `<link rel="canonical" href="${url}">`,
    `<meta name="description" content="${escapeText(story.summary)}">`,
    meta('og:type', 'article'),
    meta('og:site_name', words.name),
    meta('og:title', story.title),
    meta('article:published_time', iso(story.publishedAt)),
    ...(story.modifiedAt === null ? [] : [meta('article:modified_time', iso(story.modifiedAt))]),
    meta('article:section', words.sections[story.section] ?? story.section),
    ...story.tags.map((tag) => meta('article:tag', tag)),
    ...(image === null ? [] : [meta('og:image', image)]),
    ...(jsonLd
      ? [`<script type="application/ld+json">${linkedData(words, story, url, image)}</script>`]
      : []),
    '<style>body{max-width:48rem;margin:auto;padding:0 1rem;font-family:Georgia,serif;line-height:1.5}img{max-width:100%}</style>',
  ];
  const dir = story.language === 'fa' ? 'rtl' : 'ltr';
  return `<!doctype html>
<html lang="${story.language}" dir="${dir}">
<head>
${head.join('\n')}
</head>
<body>
${body}
</body>
</html>
`;
}

const LINKED_DATA_TYPE = {
  article: 'NewsArticle',
  opinion: 'OpinionNewsArticle',
  gallery: 'ImageGallery',
  live: 'LiveBlogPosting',
} as const;

function linkedData(words: Furniture, story: Story, url: string, image: string | null): string {
  const data = {
    '@context': 'https://schema.org',
    '@type': LINKED_DATA_TYPE[story.kind],
    headline: story.title,
    url,
    datePublished: iso(story.publishedAt),
    dateModified: iso(story.modifiedAt ?? story.publishedAt),
    author: [{ '@type': 'Organization', name: story.author }],
    publisher: { '@type': 'NewsMediaOrganization', name: words.name },
    articleSection: words.sections[story.section] ?? story.section,
    keywords: story.tags,
    ...(image === null ? {} : { image }),
  };
  return JSON.stringify(data).replaceAll('<', '\\u003c');
}

export const iso = (at: number): string => new Date(at).toISOString();

/** `<time>` for machines, and the same for people in the edition's own zone and language. */
export function timeTag(at: number, language: string, timeZone: string): string {
  const shown = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'short', timeZone }).format(
    at,
  );
  return `<time datetime="${iso(at)}">${escapeText(shown)}</time>`;
}

/** The blocks of a body in order; each entry of a live blog becomes one element that holds its time, title and text. */
export function bodyHtml(input: PageInput, render: (block: PageBlock) => string): string {
  const { blocks, story } = input;
  const parts: string[] = [];
  let inEntry = false;
  for (const block of blocks) {
    if (block.kind !== 'entry') {
      parts.push(render(block));
      continue;
    }
    const at = story.publishedAt + block.minutes * MINUTE_MS;
    const shown = new Intl.DateTimeFormat(story.language, {
      timeStyle: 'short',
      timeZone: TIME_ZONES[story.language],
      hour12: false,
    }).format(at);
    parts.push(
      `${inEntry ? '</div>' : ''}<div class="live__entry"><time datetime="${iso(at)}">${shown}</time><h3>${escapeText(block.title)}</h3>`,
    );
    inEntry = true;
  }
  return `${parts.join('\n')}${inEntry ? '</div>' : ''}`;
}

export function link(href: string, text: string): string {
  return `<a href="${escapeText(href)}">${escapeText(text)}</a>`;
}
