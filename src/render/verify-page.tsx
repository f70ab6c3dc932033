import { pageOf, renderDocument } from './document.js';
import type { VerifyView } from './site-views.js';

/** What is proved here and what is not. It opens with whose signature it is, since that is where a reader would be misled. */
export function renderVerify(view: VerifyView): string {
  const page = pageOf(view);
  const words = page.m.verify;
  const signers = [...new Set(view.logs.map((log) => log.signer))];
  return renderDocument(page, {
    title: words.title,
    line: null,
    children: (
      <>
        <h1>{words.title}</h1>
        {signers.length === 0 && <p class="s">{words.unsigned}</p>}
        {signers.map((signer) => (
          <p class="s">{words[signer]}</p>
        ))}
        <h2>{words.proved}</h2>
        <p>{words.provedText}</p>
        <h2>{words.not}</h2>
        <ul>
          {words.notTexts.map((text) => (
            <li>{text}</li>
          ))}
        </ul>
        {view.logs.length > 0 && <h2>{words.how}</h2>}
        {view.logs.map((log) => (
          <>
            <h3>
              <bdi>{log.name}</bdi>
            </h3>
            <p>
              {words.name}
              {': '}
              <code dir="ltr">{log.repository}</code>
            </p>
            <p>
              {words.fingerprint}
              {': '}
              <code dir="ltr">{log.fingerprint}</code>
            </p>
            <p>
              {words.trust}
              {': '}
              <code dir="ltr">{log.trust}</code>
            </p>
            <p>{words.howText}</p>
            <p>
              <code dir="ltr">{`tamizdat verify ${addressIn(log.trust)} --trust '${log.trust}'`}</code>
            </p>
          </>
        ))}
      </>
    ),
  });
}

/** The first address of a trust string, as a command takes it. */
function addressIn(trust: string): string {
  const [address = ''] = (trust.split('@')[1] ?? '').split(',');
  return address.includes('://') ? address : `https://${address}`;
}
