import { describe, expect, it } from 'vitest';
import {
  type ArticleBlob,
  type Notice,
  parseArticleBlob,
  parseNotice,
  parsePublisherCard,
  writeBlob,
} from '../../src/sign/article-blob.js';
import { BLOB_MAX_BYTES } from '../../src/sign/entry.js';
import { parseSiteDocument, type SiteDocument, writeSiteDocument } from '../../src/sign/site-document.js';

const BLOB: ArticleBlob = {
  v: 1,
  id: 'a89514',
  publisher: 'moscow-times',
  url: 'https://www.themoscowtimes.com/2026/11/20/words-a89514',
  guid: null,
  rev: 2,
  kind: 'article',
  origin: 'page',
  lang: 'en',
  title: 'A headline',
  subtitle: '',
  direction: 'ltr',
  summary: 'What it says.',
  authors: [{ name: 'A Writer' }],
  published: '2026-11-20T10:00:00.000Z',
  modified: null,
  taken: '2026-11-20T10:10:00.000Z',
  section: 'News',
  tags: ['one'],
  content_html: '<p>Text.</p>',
  changes: [{ t: 1_795_000_000, text: 'title' }],
  media: [
    {
      role: 'lead',
      src: 'https://static.themoscowtimes.com/image/960/1.jpg',
      alt: '',
      caption: '',
      credit: 'A Photographer',
      r: [{ sha256: 'ab'.repeat(32), size: 4_400, type: 'image/avif', w: 480, h: 320, step: 'inline-480' }],
    },
  ],
};

describe('a blob', () => {
  it('of an article is read as it was written, by its own door only', () => {
    const bytes = writeBlob(BLOB);
    expect(bytes.length).toBeLessThan(BLOB_MAX_BYTES);
    expect(parseArticleBlob(bytes)).toEqual(BLOB);
    expect(parseNotice(bytes)).toBeNull();
    expect(parsePublisherCard(bytes)).toBeNull();
  });

  it('of an article is refused with an address that is no web address, or a step that is no place on the ladder', () => {
    expect(parseArticleBlob(Buffer.from(JSON.stringify({ ...BLOB, url: 'javascript:alert(1)' })))).toBeNull();
    const media = [{ ...BLOB.media[0], r: [{ ...BLOB.media[0]?.r[0], step: '../../x' }] }];
    expect(parseArticleBlob(Buffer.from(JSON.stringify({ ...BLOB, media })))).toBeNull();
  });

  it('of a removal is a notice without the article’s words', () => {
    const notice: Notice = {
      v: 1,
      kind: 'notice',
      publisher: 'moscow-times',
      id: 'a89514',
      what: 'retract',
      reason: 'removed by the publisher',
    };
    expect(parseNotice(writeBlob(notice))).toEqual(notice);
  });
});

describe('the site document', () => {
  it('is read as it was written', () => {
    const site: SiteDocument = {
      v: 1,
      name: 'A desk',
      attest: 'relay',
      contact: '',
      publishers: ['moscow-times'],
      origin: 'tamizdat/iqjw7i2vwntyuekg',
      vkey: 'tamizdat/iqjw7i2vwntyuekg+00000000+AQ',
      repository: 'iqjw7i2vwntyuekg',
    };
    expect(parseSiteDocument(writeSiteDocument(site))).toEqual(site);
    expect(parseSiteDocument(Buffer.from('{}'))).toBeNull();
  });
});
