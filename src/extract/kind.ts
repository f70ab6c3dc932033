import type { ArticleKind } from '../domain/article.js';
import type { PageView } from './page-view.js';
import { metaValue, typesOf } from './structured-data.js';

const BY_TYPE: readonly (readonly [RegExp, ArticleKind])[] = [
  [/LiveBlogPosting/, 'live'],
  [/OpinionNewsArticle/, 'opinion'],
  [/(?:Image|Media)Gallery/, 'gallery'],
  [/PodcastEpisode|AudioObject/, 'podcast'],
];

/** Words for the same kinds in the languages of the publishers we ship. */
const BY_SECTION: readonly (readonly [RegExp, ArticleKind])[] = [
  [
    /^(?:opinions?|op-?eds?|comment(?:ary|s)?|columns?|мнени[ея]|колонк[аи]|думк[аи]|меркаванн[еі])$/i,
    'opinion',
  ],
  [/^(?:photos?|photo gallery|galler(?:y|ies)|in pictures|фото(?:репортаж)?|галере[яи])$/i, 'gallery'],
  [/^(?:videos?|видео|відео|відэа)$/i, 'video'],
  [/^(?:podcasts?|подкасты?|падкасты?)$/i, 'podcast'],
  [/^(?:live(?: ?blog| updates)?|онлайн|хроника)$/i, 'live'],
];

/** What kind of article a page says it is: by its JSON-LD types, its `og:type`, its section, its path. */
export function kindOf({ data, url }: PageView, section: string | null): ArticleKind {
  const types = data.articles.slice(0, 1).flatMap(typesOf);
  for (const [pattern, kind] of BY_TYPE) if (types.some((type) => pattern.test(type))) return kind;
  const openGraph = metaValue(data, 'og:type') ?? '';
  if (types.every((type) => type === 'VideoObject') && (types.length > 0 || /^video/.test(openGraph)))
    return 'video';
  for (const [pattern, kind] of BY_SECTION) if (section !== null && pattern.test(section)) return kind;
  const first = URL.canParse(url) ? (new URL(url).pathname.split('/')[1] ?? '') : '';
  for (const [pattern, kind] of BY_SECTION) if (pattern.test(decodePath(first))) return kind;
  return 'article';
}

function decodePath(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
