import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { corpusDir } from '../support/corpus.js';

export type CorpusSource = 'aeb' | 'fundus' | 'wcxb' | 'synthetic-ru';

export interface CorpusPage {
  id: string;
  source: CorpusSource;
  url: string;
  html: string;
  /** The text, and the standfirst that may stand before it. */
  body: string;
  summary: string;
  /** Null where the corpus does not say. */
  title: string | null;
  authors: readonly string[] | null;
  published: string | null;
  lead: { urls: readonly string[]; caption: string; credit: string } | null;
  mustNotContain: readonly string[];
}

interface Expected {
  body: string;
  title?: string | null;
  author?: string | null;
  authors?: readonly string[] | null;
  published?: string | null;
  summary?: readonly string[];
  sections?: readonly { headline: readonly string[]; paragraphs: readonly string[] }[];
  lead_image?: {
    urls?: readonly string[];
    src?: string;
    caption?: string | null;
    credit?: readonly string[] | string | null;
  } | null;
  must_not_contain?: readonly string[];
}

/** The pages of some sources with what is expected of them; null where the corpus is absent. */
export function corpusPages(sources: readonly CorpusSource[]): CorpusPage[] | null {
  const corpus = corpusDir();
  if (corpus === null) return null;
  const folder = join(corpus, 'pages');
  const readJson = <T>(path: string): T => JSON.parse(readFileSync(join(folder, path), 'utf8')) as T;
  const manifest =
    readJson<{ id: string; source: CorpusSource; url: string; html: string }[]>('manifest.json');
  return sources.flatMap((source) => {
    const expected = readJson<Record<string, Expected>>(`expected/${source}.json`);
    return manifest
      .filter((page) => page.source === source)
      .flatMap(({ id, url, html }) => {
        const wanted = expected[id];
        if (wanted === undefined) return [];
        const bytes = readFileSync(join(folder, html));
        const text = (html.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
        return [toPage(id, source, url, text, wanted)];
      });
  });
}

function toPage(id: string, source: CorpusSource, url: string, html: string, wanted: Expected): CorpusPage {
  const body =
    wanted.sections === undefined
      ? wanted.body
      : wanted.sections.flatMap(({ headline, paragraphs }) => [...headline, ...paragraphs]).join('\n');
  const lead = wanted.lead_image;
  const credit = lead?.credit ?? '';
  return {
    id,
    source,
    url,
    html,
    body,
    summary: (wanted.summary ?? []).join('\n'),
    title: wanted.title ?? null,
    authors:
      wanted.authors ?? (wanted.author ? wanted.author.split(/,\s*(?:and\s+)?|\s+and\s+|\s*&\s*/) : null),
    published: wanted.published ?? null,
    lead:
      lead === null || lead === undefined
        ? null
        : {
            urls: lead.urls ?? (lead.src === undefined ? [] : [lead.src]),
            caption: lead.caption ?? '',
            credit: typeof credit === 'string' ? credit : credit.join(', '),
          },
    mustNotContain: wanted.must_not_contain ?? [],
  };
}
