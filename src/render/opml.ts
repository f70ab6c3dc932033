import type { OpmlView } from './feed-view.js';
import { escapeXml } from './xml-text.js';

/** OPML 2.0 (opml.org/spec2.opml): a flat list of subscriptions. */
export function renderOpml(view: OpmlView): string {
  const outlines = view.feeds.map(({ title, language, feedUrl, homeUrl }) => {
    const attributes = Object.entries({
      type: 'rss',
      text: title,
      title,
      language,
      xmlUrl: feedUrl,
      htmlUrl: homeUrl,
    });
    return `<outline ${attributes.map(([name, value]) => `${name}="${escapeXml(value)}"`).join(' ')}/>\n`;
  });
  const modified =
    view.updatedAt === null ? '' : `<dateModified>${new Date(view.updatedAt).toUTCString()}</dateModified>`;
  return `<?xml version="1.0" encoding="utf-8"?>
<opml version="2.0">
<head><title>${escapeXml(view.title)}</title>${modified}</head>
<body>
${outlines.join('')}</body>
</opml>
`;
}
