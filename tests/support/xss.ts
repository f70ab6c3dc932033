import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const Payloads = z.array(z.object({ payload: z.string() }));

/** The attacks of the corpus, as its `xss.json` lists them. */
export function xssPayloads(corpus: string): string[] {
  const listed: unknown = JSON.parse(readFileSync(join(corpus, 'xss.json'), 'utf8'));
  return Payloads.parse(listed).map(({ payload }) => payload);
}

/**
 * Attacks of our own beside the corpus: markup that a second parser reads otherwise than the first, addresses hidden from a careless
 * look, and elements that act without a script.
 */
export const MORE_PAYLOADS: readonly string[] = [
  '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=x onerror=alert(1)&gt;">',
  '<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=alert(1)>',
  '<math><annotation-xml encoding="text/html"><style><img src=x onerror=alert(1)></style></annotation-xml></math>',
  '<svg><foreignObject><math><mi><xmp></math></xmp><img src=x onerror=alert(1)></foreignObject></svg>',
  '<svg></p><style><a id="</style><img src=x onerror=alert(1)>">',
  '<svg><desc><template><img src=x onerror=alert(1)></template></desc><image href="/asked" /></svg>',
  '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
  '<template><p><template><img src=x onerror=alert(1)></template></template><img src=x onerror=alert(1)>',
  '<select><template><style></select><img src=x onerror=alert(1)></style></template>',
  '<p>&lt;img src=x onerror=alert(1)&gt;</p><listing>&lt;img src=x onerror=alert(1)&gt;</listing>',
  '<table><td><svg><title><td></svg><img src=x onerror=alert(1)>',
  '<a href="java\u0000script:alert(1)">a</a><a href="\u0001 java&#10;&Tab;script&colon;alert(1)">b</a>',
  '<a href="data:text/html,<script>alert(1)</script>">a</a><a href="\u00a0javascript:alert(1)">b</a>',
  '<p style="background:url(/asked)">a</p><b style="list-style:url(/asked)" class="k" id="main">b</b><style>@import "/asked";</style>',
  '<meta http-equiv="refresh" content="0;url=/asked"><base href="/asked/"><link rel="prefetch" href="/asked">',
  '<form action="/asked"><input autofocus onfocus="alert(1)"><button formaction="javascript:alert(1)">b</button></form>',
  '<iframe srcdoc="<script>parent.alert(1)</script>"></iframe><object data="/asked"><embed src="/asked"></object>',
  '<video autoplay poster="/asked" onloadstart="alert(1)"><source src="/asked"></video><audio autoplay src="/asked"></audio>',
  '<figure data-src="/asked&quot; onerror=&quot;alert(1)" data-alt="&quot;><img src=x onerror=alert(1)>"></figure>',
  '<aside class="embed" onclick="alert(1)"><a href="javascript:alert(1)">a</a><img src="/asked"></aside>',
  '<section class="update"><time datetime="1&quot; onclick=&quot;alert(1)">a</time></section><plaintext><img src=x onerror=alert(1)>',
];

/** Stands before each payload in its article, so that a page can be told to show it; in letters, or all would be one repeated line. */
export const announcement = (number: number): string =>
  `Payload ${String(number).replace(/\d/g, (digit) => 'abcdefghij'[Number(digit)] ?? digit)} follows.`;

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
