import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  ARTICLE_PAGE,
  type HostileServer,
  redirect,
  SMALL_FEED,
  send,
  startHostileServer,
} from '../support/hostile-server.js';
import { type TestFetcher, testFetcher } from './support.js';

const html = (head: string, body: string): string =>
  `<!DOCTYPE html><html><head><meta charset="utf-8">${head}</head><body>${body}</body></html>`;

const PROSE =
  '<p>The ferry has run since spring, and the ferryman counts his passengers by the sound of their boots.</p>'.repeat(
    20,
  );

const CHALLENGES: readonly [string, string][] = [
  [
    'Cloudflare',
    html('<title>Just a moment...</title>', '<script>window._cf_chl_opt={cType:"managed"}</script>'),
  ],
  ['DDoS-Guard', html('<title>DDoS-Guard</title>', '<p>Checking your browser before accessing</p>')],
  [
    'Imperva',
    html(
      '',
      '<iframe src="/_Incapsula_Resource?x=1">Request unsuccessful. Incapsula incident ID: 1</iframe>',
    ),
  ],
  [
    'DataDome',
    html('', '<p>Please enable JS</p><script src="https://ct.captcha-delivery.com/c.js"></script>'),
  ],
  [
    'Akamai',
    '<HTML><HEAD><TITLE>Access Denied</TITLE></HEAD><BODY><H1>Access Denied</H1>Reference&#32;&#35;18.1</BODY></HTML>',
  ],
  ['Anubis', html('', '<script id="anubis_challenge" type="application/json">{}</script>')],
  ['testcookie', html('', '<script src="/aes.min.js"></script><script>slowAES.decrypt(1)</script>')],
  ['a provider', html('', '<h1>Доступ к информационному ресурсу ограничен</h1><p>149-ФЗ</p>')],
  ['sends the browser elsewhere', html('<meta http-equiv="refresh" content="0;url=/check">', '')],
  ['only runs a script', html('', '<script>document.cookie="a=1";location.reload();</script>')],
];

describe('block pages', () => {
  let server: HostileServer;
  let fetcher: TestFetcher;
  beforeAll(async () => {
    server = await startHostileServer();
  });
  afterAll(() => server.close());
  beforeEach(() => {
    fetcher = testFetcher({ allow: [server.pair], robots: false });
  });
  afterEach(() => fetcher.close());
  const get = (path: string, expected: 'feed' | 'page' | 'picture' | 'json') =>
    fetcher.get(server.url(path), { expect: expected });

  describe.each([200, 403, 503])('with status %i', (code) => {
    it.each(CHALLENGES)('sees %s in front of a page and of a feed', async (who, body) => {
      server.on('/', send(body, { 'content-type': 'text/html; charset=utf-8' }, code));
      const expected = {
        kind: 'blocked',
        reason: 'challenge-page',
        status: code,
        detail: expect.stringContaining(who),
      };
      expect(await get('/', 'page')).toMatchObject(expected);
      expect(await get('/', 'feed')).toMatchObject(expected);
    });
  });

  it.each([
    ['cf-mitigated', 'challenge', 429],
    ['x-amzn-waf-action', 'challenge', 202],
    ['x-amzn-waf-action', 'captcha', 405],
    ['cf-mitigated', 'challenge', 404],
  ])('knows a challenge by the header %s: %s with status %i', async (header, value, code) => {
    server.on('/', send(html('', PROSE), { [header]: value }, code));
    expect(await get('/', 'page')).toMatchObject({ kind: 'blocked', reason: 'challenge-page', status: code });
  });

  it.each([
    [
      "a service's script on an ordinary page",
      html('', `${PROSE}<script src="/cdn-cgi/challenge-platform/scripts/jsd/main.js"></script>`),
    ],
    [
      'an article about challenge pages',
      html('<title>Just a moment...</title>', `${PROSE}<p>The page said _cf_chl_opt.</p>`),
    ],
    ['an article that reloads itself', html('<meta http-equiv="refresh" content="600">', PROSE)],
    ['a small login box above an article', html('', `<form><input type="password"></form>${PROSE}`)],
    [
      'a short notice in plain words',
      html('', '<article><h1>Closed</h1><p>The reading room is closed today.</p></article>'),
    ],
    [
      'XHTML',
      `<?xml version="1.0"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x"><html xmlns="http://www.w3.org/1999/xhtml"><body>${PROSE}</body></html>`,
    ],
  ])('lets %s pass as a page', async (_what, body) => {
    server.on('/', send(body, { 'content-type': 'text/html' }));
    expect(await get('/', 'page')).toMatchObject({ kind: 'fetched' });
  });

  it.each(['feed', 'json', 'picture'] as const)(
    'says html-instead of a web page where a %s is due',
    async (due) => {
      for (const body of [
        ARTICLE_PAGE,
        `\uFEFF\n<!-- x --><html><body>${PROSE}</body></html>`,
        `<?xml version="1.0"?><html>${PROSE}</html>`,
      ]) {
        server.on('/', send(body, { 'content-type': 'application/xml' }));
        expect(await get('/', due)).toMatchObject({ kind: 'blocked', reason: 'html-instead' });
      }
    },
  );

  it.each([
    ['RSS', SMALL_FEED],
    [
      'RSS behind a doctype and a comment',
      `<!DOCTYPE rss [<!ENTITY nbsp "&#160;">]><!-- made by hand --><rss version="0.91"><channel><title>Old</title></channel></rss>`,
    ],
    ['RSS behind a stray tag', `<script>var late = 1;</script>\n${SMALL_FEED}`],
    ['UTF-16', Buffer.from(`\uFEFF${SMALL_FEED}`, 'utf16le')],
    ['JSON Feed', JSON.stringify({ version: 'https://jsonfeed.org/version/1.1', title: 'Small', items: [] })],
    [
      'a feed with a page inside',
      `<rss><channel><item><description><![CDATA[<html><body>${PROSE}]]></description></item></channel></rss>`,
    ],
  ])('lets %s served as text/html pass as a feed', async (_what, body) => {
    server.on('/', send(body, { 'content-type': 'text/html' }));
    expect(await get('/', 'feed')).toMatchObject({ kind: 'fetched' });
  });

  it.each([
    ['', 'empty-body'],
    ['\n \n', 'empty-body'],
    ['hello world', 'tiny-body'],
  ])('calls %j with status 200 %s', async (body, reason) => {
    server.on('/', send(body));
    expect(await get('/', 'feed')).toMatchObject({ kind: 'blocked', reason, status: 200 });
    expect(await get('/', 'page')).toMatchObject({ kind: 'blocked', reason, status: 200 });
  });

  it('calls a login page where an article is due blocked, not fetched', async () => {
    const form =
      '<form action="/login"><label>Name <input name="n"></label><input type="password" name="p"></form>';
    server.on('/article', send(html('<title>Log in</title>', form)));
    expect(await get('/article', 'page')).toMatchObject({ kind: 'blocked', reason: 'challenge-page' });

    server.on('/sent', redirect(302, '/login?next=/sent'));
    server.on('/login?next=/sent', send(html('', form + PROSE)));
    expect(await get('/sent', 'page')).toMatchObject({
      kind: 'blocked',
      detail: expect.stringContaining('log in'),
    });
  });
});
