import { createHash, X509Certificate } from 'node:crypto';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { tlsEc } from './tls-ec.js';

export interface ChromiumOptions {
  /** Where `https://mirror-a.test/` leads, `host:port`: somebody there shows the certificates of `tls-ec`. */
  mirror?: string;
}

/** Trusted by its key, as a known root would be: an overridden certificate error would cost a second connection. */
const mirrorKey = createHash('sha256')
  .update(new X509Certificate(tlsEc.chain).publicKey.export({ type: 'spki', format: 'der' }))
  .digest('base64');

/** Debian's Chromium, headless, talking to nobody but 127.0.0.1 and, where an address is given, mirror-a.test there. */
export function launchChromium(executablePath: string, { mirror }: ChromiumOptions = {}): Promise<Browser> {
  const names = mirror === undefined ? '' : `MAP mirror-a.test:443 ${mirror},`;
  return chromium.launch({
    executablePath,
    // Said here rather than by playwright, so that it is the browser people have, not the smaller headless shell.
    args: [
      '--headless=new',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-proxy-server',
      `--host-resolver-rules=${names}MAP * ~NOTFOUND,EXCLUDE 127.0.0.1`,
      `--ignore-certificate-errors-spki-list=${mirrorKey}`,
    ],
  });
}

export interface Watched {
  page: Page;
  /** Addresses asked for since the last `forget`, the document's own included. */
  requests: string[];
  /** Dialogs opened and lines written to the console since then: a page of ours causes neither. */
  noises: string[];
  forget(): void;
}

/** A tab whose every request, dialog and console line is written down. */
export async function watchedPage(context: BrowserContext): Promise<Watched> {
  const page = await context.newPage();
  const requests: string[] = [];
  const noises: string[] = [];
  page.on('request', (request) => requests.push(request.url()));
  page.on('console', (message) => noises.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => noises.push(`script: ${error.message}`));
  page.on('dialog', (dialog) => {
    noises.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page,
    requests,
    noises,
    forget: () => {
      requests.length = 0;
      noises.length = 0;
    },
  };
}
