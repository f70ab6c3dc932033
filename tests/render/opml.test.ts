import { describe, expect, it } from 'vitest';
import { renderOpml } from '../../src/render/opml.js';
import { NOW, url } from './sample-views.js';

describe('OPML', () => {
  it('lists each feed as a subscription and survives hostile titles', () => {
    const opml = renderOpml({
      title: 'All & <every>',
      updatedAt: NOW,
      feeds: [
        {
          title: 'The "Courier"\u0000',
          language: 'en',
          feedUrl: url('https://mirror.example/demo/rss.xml?a&b'),
          homeUrl: url('https://mirror.example/demo/'),
        },
      ],
    });
    expect(opml).toContain('<title>All &amp; &lt;every&gt;</title>');
    expect(opml).toContain('<dateModified>Mon, 23 Nov 2026 08:10:00 GMT</dateModified>');
    expect(opml).toContain('text="The &quot;Courier&quot;"');
    expect(opml).toContain('xmlUrl="https://mirror.example/demo/rss.xml?a&amp;b"');
  });

  it('claims no time of change before anything was published', () => {
    expect(renderOpml({ title: 'Nothing yet', updatedAt: null, feeds: [] })).not.toContain('dateModified');
  });
});
