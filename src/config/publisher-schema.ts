import { z } from 'zod';
import { toHttpUrl } from '../domain/http-url.js';
import { isPublisherId, type Publisher, RESERVED_PUBLISHER_IDS } from '../domain/publisher.js';
import { isLanguageTag } from './addresses.js';
import { refuse } from './explain.js';
import { isPublisherHost, isWithinHosts } from './hosts.js';
import { checked, count, key, oneOf, requiredKey } from './keys.js';
import { patternProblem } from './pattern.js';
import { isSelector } from './selector.js';

const isUrl = (value: string) => toHttpUrl(value) !== null;
const isPlainText = (value: string) => value.trim() !== '' && value.length <= 500;
const isDate = (value: string) => /^\d{4}-\d{2}-\d{2}$/.test(value) && !Number.isNaN(Date.parse(value));
const isTimeZone = (value: string) => {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
};

const text = (doc: string, allowed: string, test: (value: string) => boolean) =>
  requiredKey(checked(test), { doc, allowed, reads: 'text' });

const optional = (doc: string, allowed: string, test: (value: string) => boolean) =>
  key(checked(test).nullable(), { doc, allowed: `${allowed}, or null`, fallback: null, reads: 'text' });

const list = (doc: string, allowed: string, test: (value: string) => boolean, max = 50) =>
  key(z.array(checked(test)).max(max), { doc, allowed: `a list of ${allowed}`, fallback: [], reads: 'list' });

const selectors = (doc: string) => list(doc, 'CSS selectors, brackets and quotes closed', isSelector);

const pattern = requiredKey(
  z.string().superRefine((value, context) => {
    const problem = patternProblem(value);
    if (problem !== null) refuse(context, [], problem);
  }),
  {
    doc: 'Pattern whose one group is the article’s number in its URL or guid.',
    allowed: 'a bounded regular expression with one group',
    reads: 'text',
  },
);

const source = z.strictObject({
  kind: oneOf('What the URL answers with.', ['feed', 'sitemap', 'wordpress'], 'feed'),
  url: text('Address of the source.', 'an http(s) URL', isUrl),
  text: oneOf('Whether entries contain whole texts.', ['full', 'summary'], 'summary'),
  role: oneOf(
    'main: read in each pass; fallback: only if every main one failed.',
    ['main', 'fallback'],
    'main',
  ),
  section: optional('Section of every entry of this source.', 'a short text', isPlainText),
});

const boilerplate = z.strictObject({
  position: requiredKey(z.enum(['start', 'end']), {
    doc: 'At which end of the text to look.',
    allowed: 'start, end',
    reads: 'text',
  }),
  within: count('How many blocks from that end to look at.', 3, 1, 40),
  phrase: text('Words of the block to drop, case ignored.', 'a text of at most 500 characters', isPlainText),
});

const page = z.strictObject({
  fetch: oneOf('When article pages are read.', ['always', 'when-summary', 'never'], 'when-summary'),
  title: selectors('Headline.'),
  subtitle: selectors('Line below the headline.'),
  authors: selectors('Names of the authors, one element each.'),
  content: selectors('Blocks of the text.'),
  lead: selectors('Lead picture.'),
  leadCaption: selectors('Its caption.'),
  leadCredit: selectors('Its credit.'),
  tags: selectors('Tags, one element each.'),
  section: selectors('Section.'),
  keep: selectors('Never dropped.'),
  drop: selectors('Always dropped.'),
  boilerplate: key(z.array(boilerplate).max(50), {
    doc: 'Blocks near the start or end of a text that are dropped for their words.',
    allowed: 'a list of { position, within, phrase }',
    fallback: [],
    reads: 'list',
  }),
});

const rights = z.strictObject({
  basis: oneOf(
    'Why the texts may be republished.',
    ['licence', 'permission', 'none-recorded'],
    'none-recorded',
  ),
  licence: optional('Name of the licence.', 'a short text', isPlainText),
  scope: oneOf('How much of a text that covers.', ['full', 'teaser'], 'full'),
  images: oneOf(
    'Which pictures may be shown; own: all but those credited to an agency.',
    ['all', 'own', 'none'],
    'own',
  ),
  attribution: key(checked(isPlainText), {
    doc: 'Line shown with each article; {url} becomes a link to the original.',
    allowed: 'a text of at most 500 characters',
    fallback: '{url}',
    reads: 'text',
  }),
  attributionPlace: oneOf('Whether it comes before or after the text.', ['before', 'after'], 'after'),
  evidence: list('Where the terms can be read.', 'http(s) URLs or short texts', isPlainText),
  checkedAt: optional('When somebody last read them.', 'a date YYYY-MM-DD', isDate),
  contact: optional('Whom to ask for permission.', 'a short text', isPlainText),
});

const designation = z.strictObject({
  country: text('ISO 3166-1 alpha-2.', 'two capital letters', (value) => /^[A-Z]{2}$/.test(value)),
  status: requiredKey(z.enum(['foreign-agent', 'undesirable', 'extremist', 'blocked']), {
    doc: 'The designation.',
    allowed: 'foreign-agent, undesirable, extremist, blocked',
    reads: 'text',
  }),
  since: text('Date of the decision.', 'a date YYYY-MM-DD', isDate),
  source: text('Where that is written.', 'an http(s) URL or a short text', isPlainText),
});

/** Tells that `value` may be left out, each key of it having a fallback. */
const omissible = <S extends z.ZodObject>(schema: S) => schema.prefault({} as z.input<S>);

const publisherFile = z.strictObject({
  id: text(
    'Its name in every path.',
    `3 to 40 of a-z, 0-9 and single hyphens; not ${RESERVED_PUBLISHER_IDS.join(', ')}`,
    isPublisherId,
  ),
  names: requiredKey(z.record(checked(isLanguageTag), checked(isPlainText)), {
    doc: 'Its name, by language.',
    allowed: 'BCP 47 tags, each with a name',
    reads: 'text',
  }),
  language: text('Language it publishes in.', 'a BCP 47 tag such as en or ru', isLanguageTag),
  homepage: text('Front page.', 'an http(s) URL', isUrl),
  hosts: requiredKey(z.array(z.string()).min(1).max(30), {
    doc: 'The only hosts that are contacted for it.',
    allowed: 'a list of host names, or *.example.org',
    reads: 'list',
  }),
  timeZone: key(checked(isTimeZone), {
    doc: 'Time zone of dates without an offset.',
    allowed: 'an IANA zone such as Europe/Riga',
    fallback: 'UTC',
    reads: 'text',
  }),
  sources: requiredKey(z.array(source).min(1).max(30), {
    doc: 'Where it is read, tried in order.',
    allowed: 'a list of at least one { kind, url, text, role, section }',
    reads: 'list',
  }),
  identity: omissible(
    z.strictObject({
      patterns: key(z.array(pattern).max(10), {
        doc: 'Patterns that find an article’s number, tried in order. Without one that matches, a hash of its guid or URL is used.',
        allowed: 'a list of bounded regular expressions with one group',
        fallback: [],
        reads: 'list',
      }),
    }),
  ),
  page: omissible(page),
  rights: omissible(rights),
  designations: key(z.array(designation).max(50), {
    doc: 'How states have designated the publisher.',
    allowed: 'a list of { country, status, since, source }',
    fallback: [],
    reads: 'list',
  }),
  publish: oneOf('teaser: two paragraphs and a link.', ['full', 'teaser'], 'full'),
  removal: oneOf(
    'What happens here when an article is removed there.',
    ['keep', 'withdraw', 'tombstone'],
    'withdraw',
  ),
  verifiedAt: optional(
    'When somebody last saw the sources answer as described.',
    'a date YYYY-MM-DD',
    isDate,
  ),
});

/** A publisher file. `allow` are the host:port pairs of `fetch.allow`, the only way to a private address. */
export const publisherSchema = (allow: readonly string[]): z.ZodType<Publisher> & z.core.$ZodType =>
  publisherFile.superRefine((publisher, context) => {
    const { names, language, hosts, homepage, sources } = publisher;
    if (names[language] === undefined && names.en === undefined) {
      refuse(context, ['names'], `a name in ${language}, the publisher's language, or in en`);
    }
    hosts.forEach((host, index) => {
      if (isPublisherHost(host, allow)) return;
      refuse(context, ['hosts', index], 'a public host name in lower case; an address only with fetch.allow');
    });
    for (const [path, url] of [
      [['homepage'], homepage] as const,
      ...sources.map(({ url }, index) => [['sources', index, 'url'], url] as const),
    ]) {
      if (!isWithinHosts(url, hosts)) refuse(context, path, `its host must be one of ${hosts.join(', ')}`);
    }
    if (!sources.some(({ role }) => role === 'main'))
      refuse(context, ['sources'], 'at least one with role main');
  });
