import { Contact } from './about-page.js';
import { Filled, pageOf, renderDocument, spaced, Words } from './document.js';
import type { LegalView } from './site-views.js';

/** What a provider or a lawyer looks for: what the server does and fetches, whom to write to, how a text is removed, what can be handed over. */
export function renderLegal(view: LegalView): string {
  const page = pageOf(view);
  const words = page.m.legal;
  return renderDocument(page, {
    title: words.title,
    line: null,
    children: (
      <>
        <h1>{words.title}</h1>
        <h2>{words.what}</h2>
        <p>{words.whatText}</p>
        <h2>{words.complaints}</h2>
        <p>
          {view.contact === null ? (
            words.noContact
          ) : (
            <Filled text={words.contact} slots={{ contact: <Contact of={view.contact} /> }} />
          )}
        </p>
        <h2>{words.removal}</h2>
        <p>{words.removalText}</p>
        <h2>{words.proxy}</h2>
        <p>{words.proxyText}</p>
        <ul class="k">
          {view.publishers.map(({ name, hosts }) => (
            <li>
              <Words page={page} of={name} />: {spaced(hosts.map((host) => <bdi>{host}</bdi>))}
            </li>
          ))}
        </ul>
        <h2>{words.records}</h2>
        <p>{words.recordsText}</p>
      </>
    ),
  });
}
