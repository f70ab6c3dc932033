import { pageOf, renderDocument } from './document.js';
import { QrCode } from './qr.js';
import type { MirrorsView } from './site-views.js';

/** Where else the same tree stands: addresses to copy or to scan, and the line that checks them. */
export function renderMirrors(view: MirrorsView): string {
  const page = pageOf(view);
  const words = page.m.mirrors;
  return renderDocument(page, {
    title: words.title,
    line: null,
    children: (
      <>
        <h1>{words.title}</h1>
        <p>{view.addresses.length > 0 ? words.what : words.none}</p>
        {view.addresses.map(({ address, qr }) => (
          <figure>
            <p>
              <a href={address} dir="ltr">
                {address}
              </a>
            </p>
            {qr !== null && <QrCode modules={qr} label={`${words.qr}: ${address}`} />}
          </figure>
        ))}
        <p class="k">{words.private}</p>
        {view.trust.length > 0 && (
          <>
            <h2>{words.trust}</h2>
            <p>{words.trustText}</p>
            {view.trust.map((trust) => (
              <p>
                <code dir="ltr">{trust}</code>
              </p>
            ))}
          </>
        )}
      </>
    ),
  });
}
