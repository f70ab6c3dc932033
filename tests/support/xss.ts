import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Payloads = z.array(z.object({ payload: z.string() }));

/** The attacks of the corpus, as its `xss.json` lists them. */
export function xssPayloads(corpus: string): string[] {
  const listed: unknown = JSON.parse(readFileSync(join(corpus, 'xss.json'), 'utf8'));
  return Payloads.parse(listed).map(({ payload }) => payload);
}

/** Stands before each payload in its article, so that a page can be told to show it. */
export const announcement = (number: number): string => `Payload ${number} follows.`;

/** An RSS feed in which every payload is the text of an item, and escaped its title and summary as well. */
export function xssFeed(payloads: readonly string[], origin: string): string {
  const items = payloads.map(
    (payload, index) => `<item>
<title>${escapeXml(`${index} ${payload.slice(0, 80)}`)}</title>
<link>${origin}/items/${index}</link>
<guid isPermaLink="false">payload-${index}</guid>
<pubDate>${new Date(Date.UTC(2026, 10, 22) - index * 60_000).toUTCString()}</pubDate>
<description>${escapeXml(payload)}</description>
<content:encoded><![CDATA[<p>${announcement(index)}</p>${payload.replaceAll(']]>', ']]]]><![CDATA[>')}]]></content:encoded>
</item>`,
  );
  return `<?xml version="1.0" encoding="utf-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
<title>Attacks</title><link>${origin}/</link><description>Payloads</description>
${items.join('\n')}
</channel></rss>`;
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
