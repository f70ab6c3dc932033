import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadPublisherFile } from '../../src/config/load-publishers.js';
import { stableIdOf } from '../../src/domain/article-key.js';
import { toHttpUrl } from '../../src/domain/http-url.js';
import { isPublisherId, type Publisher } from '../../src/domain/publisher.js';

const folder = fileURLToPath(new URL('../../data/publishers/', import.meta.url));

/** As written; what a file may leave out is optional here, since the schema fills it in. */
type Written = Omit<Publisher, 'page'> & { page: Partial<Publisher['page']> };

const files = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
const publishers = new Map<string, Written>(
  files.map((name) => [name.replace('.yaml', ''), parse(readFileSync(folder + name, 'utf8')) as Written]),
);

function shipped(id: string): Written {
  const found = publishers.get(id);
  if (found === undefined) throw new Error(`no file for ${id}`);
  return found;
}

/** Host rules as `Publisher.hosts` words them: exact names or `*.example.org`. */
const covers = (hosts: readonly string[], host: string): boolean =>
  hosts.some((rule) => (rule.startsWith('*.') ? host.endsWith(rule.slice(1)) : rule === host));

function idOf(publisher: string, url: string | null, guid: string | null = null): string | null {
  const patterns = shipped(publisher).identity.patterns.map((pattern) => new RegExp(pattern));
  return stableIdOf(patterns, { url, guid });
}

describe('the publishers we ship', () => {
  it('include the default set', () => {
    expect([...publishers.keys()]).toEqual(expect.arrayContaining(['moscow-times', 'moscow-times-ru']));
  });

  it.each([...publishers])(
    '%s has an id that may stand in a path and is its file name',
    (name, publisher) => {
      expect(publisher.id).toBe(name);
      expect(isPublisherId(publisher.id)).toBe(true);
    },
  );

  it.each([...publishers])(
    '%s has a name in its own language and in the interface languages',
    (_, publisher) => {
      expect(publisher.names[publisher.language]).toMatch(/\S/);
      expect(Object.keys(publisher.names)).toEqual(expect.arrayContaining(['en', 'ru', 'uk']));
    },
  );

  it.each([...publishers.keys()])(
    '%s is accepted by the schema, which changes nothing that is written',
    (name) => {
      expect(loadPublisherFile(`${folder}${name}.yaml`)).toMatchObject(shipped(name));
    },
  );

  it.each([...publishers])('%s fetches only from hosts it lists, over https', (_, publisher) => {
    expect(publisher.sources.some((source) => source.role === 'main')).toBe(true);
    for (const { url } of [...publisher.sources, { url: publisher.homepage }]) {
      expect(toHttpUrl(url)).toBe(url);
      expect(new URL(url).protocol).toBe('https:');
      expect(covers(publisher.hosts, new URL(url).hostname)).toBe(true);
    }
  });

  it.each([...publishers])('%s says honestly what is known of its rights', (_, publisher) => {
    const { rights } = publisher;
    expect(publisher.verifiedAt).toBeNull();
    expect(rights.checkedAt).toBeNull();
    expect(rights.attribution).toContain('{url}');
    expect(['own', 'none']).toContain(rights.images);
    if (rights.basis === 'licence') {
      expect(rights.licence).toMatch(/\S/);
      expect(rights.evidence).not.toEqual([]);
    } else {
      expect(rights).toMatchObject({ basis: 'none-recorded', licence: null });
    }
  });

  it.each([...publishers])('%s dates and sources every designation', (_, publisher) => {
    for (const designation of publisher.designations) {
      expect(designation.country).toMatch(/^[A-Z]{2}$/);
      expect(designation.since).toMatch(/^\d{4}-\d{2}-\d{2}$/);
      expect(designation.source.length).toBeGreaterThan(10);
    }
  });

  it.each([...publishers])('%s has patterns of one group in which no repetition nests', (_, publisher) => {
    for (const pattern of publisher.identity.patterns) {
      expect(new RegExp(`${pattern}|`).exec('')?.length).toBe(2);
      expect(pattern).not.toMatch(/[*+}]\)?[*+{]/);
      expect(pattern).not.toMatch(/\.[*+]|\][*+]/);
    }
  });

  it.each([...publishers])(
    '%s drops furniture by phrases too long to be an article’s own words',
    (_, publisher) => {
      for (const { phrase, within } of publisher.page.boilerplate ?? []) {
        expect(phrase.length).toBeGreaterThan(12);
        expect(within).toBeLessThanOrEqual(12);
      }
    },
  );
});

describe('stable ids', () => {
  const page = 'https://www.themoscowtimes.com/2026/11/20';

  it('are the number of a Moscow Times address, whatever the date and the words', () => {
    expect(idOf('moscow-times', `${page}/a-quiet-headline-a89514`)).toBe('89514');
    expect(idOf('moscow-times', `${page}/a-louder-headline-a89514?utm_source=rss`)).toBe('89514');
    expect(idOf('moscow-times', 'https://www.themoscowtimes.com/2020/01/02/x-a89514/pdf')).toBe('89514');
    expect(idOf('moscow-times-ru', 'https://ru.themoscowtimes.com/2026/11/20/slova-a180514')).toBe('180514');
  });

  it('are the trailing number in the addresses of 2017', () => {
    const old = 'https://themoscowtimes.com/articles';
    expect(idOf('moscow-times', `${old}/innovative-cuisine-56901.html`)).toBe('56901');
    expect(idOf('moscow-times', `${old}/innovative-cuisine-56901`)).toBe('56901');
    expect(idOf('moscow-times', `${old}/the-year-2017-in-words-56901?from=rss`)).toBe('56901');
  });

  it('are not taken from a number that merely stands in the words', () => {
    const hashed = idOf('moscow-times', `${page}/plan-a5-revised`);
    expect(hashed).toMatch(/^[a-z2-7]{26}$/);
  });

  it('come from the guid of a WordPress feed, so that an edited address changes nothing', () => {
    const guid = 'https://verstka.media/?p=12345';
    expect(idOf('verstka', 'https://verstka.media/first-words', guid)).toBe('12345');
    expect(idOf('verstka', 'https://verstka.media/other-words', guid)).toBe('12345');
    expect(idOf('global-voices', 'https://globalvoices.org/x/', 'https://globalvoices.org/?p=832100')).toBe(
      '832100',
    );
  });

  it('are found in the addresses of DW, BBC and RFE/RL', () => {
    expect(idOf('dw-ru', 'https://www.dw.com/ru/slova/a-65464327?maca=rus-rss-ru-all')).toBe('65464327');
    expect(idOf('bbc-russian', 'https://www.bbc.com/russian/articles/clymn8zyrp9o')).toBe('clymn8zyrp9o');
    expect(idOf('radio-svoboda', 'https://www.svoboda.org/a/slova-cherez-defis/33012345.html')).toBe(
      '33012345',
    );
    expect(idOf('radio-svoboda', 'https://www.svoboda.org/a/33012345.html')).toBe('33012345');
  });

  it('answer at once on hostile addresses', () => {
    const long = `https://x.test/articles/${'-1'.repeat(20_000)}`;
    for (const id of publishers.keys()) expect(idOf(id, long)).not.toBeNull();
  });
});
