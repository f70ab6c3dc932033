import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { choosePublishers, loadPublishers } from '../../src/config/load-publishers.js';

const ours = fileURLToPath(new URL('../../data/publishers', import.meta.url));

const SMALL = `id: daily-lamp
names: { en: Daily Lamp }
language: ru
homepage: https://lamp.example/
hosts: [lamp.example, "*.lamp.example"]
sources: [{ url: "https://feeds.lamp.example/rss" }]
`;

let homeDir: string;
beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'tamizdat-'));
  mkdirSync(join(homeDir, 'publishers'));
});
afterEach(() => rmSync(homeDir, { recursive: true }));

const put = (name: string, text: string) => writeFileSync(join(homeDir, 'publishers', name), text);
const load = (allow: string[] = []) => loadPublishers({ builtinDir: ours, homeDir, allow });

describe('publisher files', () => {
  it('ours all load, the default set among them, and none claims to have been verified', () => {
    const publishers = load();
    expect([...publishers.keys()]).toEqual(expect.arrayContaining(['moscow-times', 'moscow-times-ru']));
    expect([...publishers.values()].filter(({ verifiedAt }) => verifiedAt !== null)).toEqual([]);
  });

  it('a small one takes every default', () => {
    put('lamp.yaml', SMALL);
    expect(load().get('daily-lamp')).toMatchObject({
      timeZone: 'UTC',
      sources: [{ kind: 'feed', text: 'summary', role: 'main', section: null }],
      identity: { patterns: [] },
      page: { fetch: 'when-summary', content: [], boilerplate: [] },
      rights: { basis: 'none-recorded', images: 'own', attributionPlace: 'after' },
      designations: [],
      publish: 'full',
      removal: 'withdraw',
      verifiedAt: null,
    });
  });

  it("an operator's file replaces ours of the same id", () => {
    put('mine.yaml', SMALL.replace('daily-lamp', 'moscow-times'));
    expect(load().get('moscow-times')?.homepage).toBe('https://lamp.example/');
  });

  it('two files of one folder may not share an id', () => {
    put('a.yaml', SMALL);
    put('b.yaml', SMALL);
    expect(load).toThrow(/id is "daily-lamp" in both .*a\.yaml and .*b\.yaml/);
  });

  it.each([
    ['language: ru', 'langauge: ru', 'langauge is "ru", but there is no such key; did you mean language?'],
    ['id: daily-lamp', 'id: Feeds', 'id is "Feeds"; allowed: 3 to 40 of a-z, 0-9 and single hyphens'],
    [
      '{ en: Daily',
      '{ fr: Daily',
      'names is {"fr":"Daily Lamp"}: a name in ru, the publisher\'s language, or in en',
    ],
    [
      '[lamp.example',
      '[127.0.0.1, lamp.example',
      'hosts[0] is "127.0.0.1": a public host name in lower case',
    ],
    ['[lamp.example', '[localhost, lamp.example', 'hosts[0] is "localhost": a public host name'],
    ['[lamp.example', '["[::1]", lamp.example', 'hosts[0] is "[::1]": a public host name'],
    ['[lamp.example', '["*.com", lamp.example', 'hosts[0] is "*.com": a public host name'],
    [
      'https://feeds.lamp',
      'https://feeds.other',
      'sources[0].url is "https://feeds.other.example/rss": its host must be',
    ],
    [
      'https://feeds.lamp',
      'file://feeds.lamp',
      'sources[0].url is "file://feeds.lamp.example/rss"; allowed: an http(s) URL',
    ],
    ['sources: [{ url', 'sources: [{ role: fallback, url', 'at least one with role main'],
    ['sources: [', 'timeZone: Mars/Olympus\nsources: [', 'timeZone is "Mars/Olympus"; allowed: an IANA zone'],
    [
      'sources: [',
      'identity: { patterns: ["(a+)+"] }\nsources: [',
      'identity.patterns[0] is "(a+)+": a group is not',
    ],
    [
      'sources: [',
      'page: { drop: ["div["] }\nsources: [',
      'page.drop[0] is "div["; allowed: a list of CSS selectors',
    ],
    [
      'sources: [',
      'rights: { basis: hearsay }\nsources: [',
      'rights.basis is "hearsay"; allowed: licence, permission',
    ],
    [
      'sources: [',
      'verifiedAt: yesterday\nsources: [',
      'verifiedAt is "yesterday"; allowed: a date YYYY-MM-DD',
    ],
    ['hosts: ', 'host: ', 'hosts is missing; allowed: a list of host names'],
  ])('with %s made %s is refused with file, key, value and what is allowed', (from, to, message) => {
    put('lamp.yaml', SMALL.replace(from, to));
    expect(load).toThrow(message);
    expect(load).toThrow('lamp.yaml');
  });

  it('a private address is taken where fetch.allow names it', () => {
    put(
      'local.yaml',
      SMALL.replaceAll(/(?:\*\.|feeds\.)?lamp\.example/g, '127.0.0.1').replace(', "127.0.0.1"', ''),
    );
    expect(load).toThrow('127.0.0.1');
    expect(load(['127.0.0.1:4030']).get('daily-lamp')?.hosts).toEqual(['127.0.0.1']);
  });

  it('says what is not YAML', () => {
    put('lamp.yaml', 'id: [');
    expect(load).toThrow(/lamp\.yaml cannot be read: /);
  });

  it('an id that no file describes is refused with the nearest one', () => {
    expect(() => choosePublishers(load(), ['moscow-tims'])).toThrow('there is no publisher "moscow-tims"');
    expect(choosePublishers(load(), ['meduza', 'moscow-times']).map(({ id }) => id)).toEqual([
      'meduza',
      'moscow-times',
    ]);
  });
});
