import { randomBytes } from 'node:crypto';
import type { HttpBindings } from '@hono/node-server';
import { Hono } from 'hono';
import { type GateConfig, KEEPER_HEADERS, keeperGate, same } from './keeper-gate.js';
import { readForm } from './read-form.js';

export interface KeeperWord {
  id: number;
  verdict: 'accept' | 'refuse';
}

export interface AdminDeps {
  /** Whether the database answers. */
  healthy: () => boolean;
  /** In Prometheus' text format. */
  metrics: () => string;
  /** The keeper's page as a document; `csrf` goes into its forms. */
  page: (csrf: string) => string;
  /** For the page's Content-Security-Policy: its one style. */
  styleSource: string;
  /** Takes the keeper's words; resolves when they were obeyed or have to wait. Never rejects. */
  decide: (words: readonly KeeperWord[]) => Promise<void>;
}

/** A form of the page: a number of ids, a verdict, a token. */
const MAX_FORM_BYTES = 64 * 1_024;
const IDS = /^[1-9]\d{0,14}(?:,[1-9]\d{0,14}){0,4999}$/;

/** What only the keeper sees: on its own address, loopback by default. */
export function createAdminApp(gate: GateConfig, deps: AdminDeps) {
  const app = new Hono<{ Bindings: HttpBindings }>();
  /** Known to pages that this process made, and to nobody else. */
  const csrf = randomBytes(24).toString('base64url');

  app.use('*', keeperGate(gate));

  app.get('/healthz', (c) =>
    deps.healthy() ? c.text('ok\n') : c.text('the database does not answer\n', 503),
  );

  app.get('/metrics', (c) =>
    c.text(deps.metrics(), 200, {
      'Content-Type': 'text/plain; version=0.0.4; charset=utf-8',
      'Cache-Control': 'no-store',
    }),
  );

  app.get('/', (c) =>
    c.html(deps.page(csrf), 200, {
      ...KEEPER_HEADERS,
      'Content-Security-Policy': `default-src 'none';style-src ${deps.styleSource};form-action 'self';base-uri 'none';frame-ancestors 'none'`,
    }),
  );

  app.post('/decide', async (c) => {
    const refused = (text: string, status: 400 | 403) => c.text(`${text}\n`, status, KEEPER_HEADERS);
    if (!isOwnForm(c.env.incoming.headers))
      return refused('Only the keeper’s own page may decide. Nothing was done.', 403);
    const form = await readForm(c.env.incoming, MAX_FORM_BYTES);
    if (form.kind !== 'form') return refused('That is no form of the keeper’s page. Nothing was done.', 400);
    if (!same(form.fields.get('csrf') ?? '', csrf))
      return refused(
        'That page is from before the node’s last start. Go back, load it again, and say it again.',
        403,
      );
    const ids = form.fields.get('ids') ?? '';
    const verdict = form.fields.get('verdict');
    if (!IDS.test(ids) || (verdict !== 'accept' && verdict !== 'refuse'))
      return refused('That is no form of the keeper’s page. Nothing was done.', 400);
    await deps.decide(ids.split(',').map((id) => ({ id: Number(id), verdict })));
    return c.body(null, 303, { ...KEEPER_HEADERS, Location: './' });
  });

  app.notFound((c) => c.text('There is nothing here. The keeper’s page is /.\n', 404, KEEPER_HEADERS));
  app.onError((_error, c) =>
    c.text('Something broke here. `tamizdat doctor` may say what.\n', 500, KEEPER_HEADERS),
  );

  return app;
}

/** Whether a form was sent by a page of this very address: Fetch Metadata where the browser sends it, and Origin (RFC 6454 section 7). */
function isOwnForm(headers: HttpBindings['incoming']['headers']): boolean {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin, host } = headers;
  if (origin === undefined) return site === 'same-origin';
  return URL.canParse(origin) && new URL(origin).host === host;
}
