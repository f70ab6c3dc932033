import { pageOf, renderDocument, Words } from './document.js';
import { formatBytes } from './messages.js';
import type { FeedsPageView } from './site-views.js';

/** Addresses to copy, with their weight and a warning about readers that run on other people's machines. */
export function renderFeedsPage(view: FeedsPageView): string {
  const page = pageOf(view);
  const { m } = page;
  const words = m.feeds;
  return renderDocument(page, {
    title: words.title,
    line: null,
    children: (
      <>
        <h1>{words.title}</h1>
        <p>{words.how}</p>
        <p class="k n">{view.privateAddress ? words.cloudPrivate : words.cloud}</p>
        {view.groups.map((group) => (
          <>
            <h2>
              <Words page={page} of={group.name} />
            </h2>
            {(['summary', 'full'] as const).map((text) => {
              const feeds = group.feeds.filter((feed) => feed.text === text);
              return (
                feeds.length > 0 && (
                  <>
                    <p class="k">
                      {words[text]}
                      {text === 'full' && ` ${m.mayNotLoad}`}
                    </p>
                    <ul class="k">
                      {feeds.map(({ format, href, address, bytes }) => (
                        <li>
                          <bdi>{format}</bdi>
                          {bytes !== null && `, ${formatBytes(m, bytes)}`}
                          {': '}
                          <a href={href} dir="ltr">
                            {address}
                          </a>
                        </li>
                      ))}
                    </ul>
                  </>
                )
              );
            })}
          </>
        ))}
        {view.opml !== null && (
          <>
            <h2>OPML</h2>
            <p>
              {words.opml}
              {': '}
              <a href={view.opml.href} dir="ltr">
                {view.opml.address}
              </a>
            </p>
          </>
        )}
      </>
    ),
  });
}
