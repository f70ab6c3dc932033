import { closeDirections } from '../domain/close-directions.js';
import { toHttpUrl } from '../domain/http-url.js';
import { withoutTracking } from './clean-url.js';
import { escapeAttribute, escapeText } from './paragraph.js';

/** Services whose embeds stand in news texts, by the end of their host names; any other is named by its host. */
const SERVICES: Readonly<Record<string, string>> = {
  'youtube.com': 'YouTube',
  'youtube-nocookie.com': 'YouTube',
  'youtu.be': 'YouTube',
  'twitter.com': 'X',
  'x.com': 'X',
  't.me': 'Telegram',
  'telegram.org': 'Telegram',
  'facebook.com': 'Facebook',
  'instagram.com': 'Instagram',
  'tiktok.com': 'TikTok',
  'vimeo.com': 'Vimeo',
  'vk.com': 'VK',
  'vkvideo.ru': 'VK',
  'rutube.ru': 'Rutube',
  'soundcloud.com': 'SoundCloud',
  'apple.com': 'Apple Podcasts',
  'datawrapper.de': 'Datawrapper',
  'dwcdn.net': 'Datawrapper',
  'flourish.studio': 'Flourish',
  'reddit.com': 'Reddit',
  'bsky.app': 'Bluesky',
  'threads.net': 'Threads',
  'openstreetmap.org': 'OpenStreetMap',
};

/** Class names by which a quotation says that a script would turn it into an embed. */
const EMBED_QUOTES =
  /(?:^|\s)(?:twitter-(?:tweet|video)|instagram-media|tiktok-embed|bluesky-embed|reddit-\S+|fb-(?:post|video)|text-post-media|telegram-post)(?:\s|$)/;

/** Longest text on a card, in characters: a post of the older length, whole. */
const MAX_CARD_CHARS = 300;

export function isEmbedQuote(className: string): boolean {
  return EMBED_QUOTES.test(className);
}

function serviceOf(host: string): string {
  const labels = host.split('.');
  for (let from = 0; from < labels.length - 1; from++) {
    const service = SERVICES[labels.slice(from).join('.')];
    if (service !== undefined) return service;
  }
  return host.replace(/^www\./, '');
}

/** The page a person would open for a player's address. */
function watchable(url: URL): string {
  const video = /^\/embed\/([\w-]{11})$/.exec(url.pathname)?.[1];
  if (video !== undefined && serviceOf(url.hostname) === 'YouTube')
    return `https://www.youtube.com/watch?v=${video}`;
  const film = /^\/video\/(\d+)$/.exec(url.pathname)?.[1];
  if (film !== undefined && url.hostname === 'player.vimeo.com') return `https://vimeo.com/${film}`;
  return withoutTracking(url.href);
}

/**
 * A plain card in an embed's place: `<aside class="embed"><a href=URL rel="noreferrer">service · title</a></aside>`.
 * Null where the embed has no http(s) address, or shows no more than a measuring pixel.
 */
export function embedCard(source: string, title: string, baseUrl: string): string | null {
  const address = toHttpUrl(source, baseUrl);
  if (address === null) return null;
  const url = new URL(address);
  const label = title.replace(/\s+/g, ' ').trim();
  const text =
    [...label].length > MAX_CARD_CHARS ? `${[...label].slice(0, MAX_CARD_CHARS).join('').trimEnd()}…` : label;
  const service = serviceOf(url.hostname);
  const name = text === '' || text === service ? service : `${service} · ${text}`;
  return cardHtml(watchable(url), name);
}

/** The card itself, also for one that was made before. */
export function cardHtml(href: string, text: string): string {
  return `<aside class="embed"><a href="${escapeAttribute(href)}" rel="noreferrer">${escapeText(closeDirections(text))}</a></aside>`;
}
