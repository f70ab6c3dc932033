import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type HostileServer, send, startHostileServer } from '../support/hostile-server.js';
import { createManualClock } from '../support/manual-clock.js';
import { createTestNode, testPublisher } from '../support/test-node.js';
import { describeWith } from '../support/tools.js';

/** What a headline may hold, and what a reader is to see of it. JSON carries even what XML cannot. */
const TITLES: readonly (readonly [sent: string, shown: string])[] = [
  ['If a < b && b > c, then what?', 'If a < b && b > c, then what?'],
  ['The ]]> that ends a CDATA section', 'The ]]> that ends a CDATA section'],
  ['A bell\u0007 and a null\u0000 inside', 'A bell and a null inside'],
  ['Half a pair \ud83d of surrogates', 'Half a pair \ufffd of surrogates'],
  ['Quotes "double" and \'single\' — and 🗞️', 'Quotes "double" and \'single\' — and 🗞️'],
  ['نقل قول \u202bاز راست\u202c به چپ', 'نقل قول \u202bاز راست\u202c به چپ'],
];

/** Titles as plain text, whatever type the feed says they are of. */
const FEEDPARSER = `
import feedparser, html, json, sys
d = feedparser.parse(sys.argv[1])
plain = lambda e: html.unescape(e.title) if e.title_detail.type == "text/html" else e.title
print(json.dumps({"bozo": int(d.bozo), "titles": [plain(e) for e in d.entries]}))
`;

describeWith(['python3-feedparser', 'xmllint'], 'headlines that break feeds', (found) => {
  let publisher: HostileServer;
  let node: Awaited<ReturnType<typeof createTestNode>>;

  beforeAll(async () => {
    publisher = await startHostileServer();
    const items = TITLES.map(([title], index) => ({
      id: `title-${index}`,
      url: publisher.url(`/${index}`),
      title,
      content_html: `<p>Text number ${index} of the publisher.</p>`,
      date_published: new Date(Date.UTC(2026, 10, 22) - index * 60_000).toISOString(),
    }));
    const feed = { version: 'https://jsonfeed.org/version/1.1', title: 'Headlines <&> ]]>', items };
    publisher.on('/feed', send(JSON.stringify(feed), { 'content-type': 'application/feed+json' }));
    node = await createTestNode({
      publishers: [
        testPublisher({
          id: 'headlines',
          names: { en: 'Headlines <&> ]]>' },
          sources: [{ kind: 'feed', url: publisher.url('/feed'), text: 'full', role: 'main', section: null }],
        }),
      ],
      clock: createManualClock(Date.UTC(2026, 10, 23)),
      env: { TAMIZDAT_FETCH_ALLOW: publisher.pair },
    });
    await node.pass();
  });

  afterAll(async () => {
    await node?.close();
    await publisher?.close();
  });

  it.each(['rss.xml', 'atom.xml', 'full/rss.xml', 'full/atom.xml'])(
    'arrive in %s as they are',
    async (name) => {
      const { text } = await node.get(`/headlines/${name}`);
      const { status, stderr } = spawnSync(found.xmllint, ['--noout', '--nonet', '-'], {
        input: text,
        encoding: 'utf8',
      });
      expect([stderr, status]).toEqual(['', 0]);
      const { stdout } = await promisify(execFile)(found['python3-feedparser'], [
        '-c',
        FEEDPARSER,
        `${node.origin}/headlines/${name}`,
      ]);
      expect(JSON.parse(stdout)).toEqual({ bozo: 0, titles: TITLES.map(([, shown]) => shown) });
    },
  );
});
