import { Hono } from 'hono';

export interface AdminDeps {
  /** Whether the database answers. */
  healthy: () => boolean;
  /** In Prometheus' text format. */
  metrics: () => string;
}

/** What only the keeper's machine sees: on its own address, loopback by default. */
export function createAdminApp({ healthy, metrics }: AdminDeps) {
  const app = new Hono();
  app.get('/healthz', (c) => (healthy() ? c.text('ok\n') : c.text('the database does not answer\n', 503)));
  app.get('/metrics', (c) =>
    c.text(metrics(), 200, { 'Content-Type': 'text/plain; version=0.0.4; charset=utf-8' }),
  );
  return app;
}
