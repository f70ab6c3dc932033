import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as plainRequest } from 'node:http';
import { request as tlsRequest } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { EDGE_NAME, type Edge, startCaddyEdge, startNginxEdge } from '../support/edges.js';
import { type Program, startProgram } from '../support/program.js';
import { rawAsk } from '../support/raw-ask.js';
import { describeWith } from '../support/tools.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

/** Where the reader sits: no other part of the test uses this address of the loopback network. */
const ADDRESS = '127.45.67.89';
const MARK = 'canaryq7x9';
const REQUESTS = 1_000;

/** As somebody could have written it down: as it is, or in a coding of it. */
const TRACES = [
  MARK,
  ADDRESS,
  Buffer.from(MARK).toString('base64').replace(/=+$/, ''),
  Buffer.from(MARK).toString('hex'),
  '127.45.67',
];

function filesUnder(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stats = statSync(path);
    return stats.isDirectory() ? filesUnder(path) : stats.isFile() ? [path] : [];
  });
}

describeWith(['nginx', 'caddy'], 'a reader who is marked', ({ nginx, caddy }) => {
  let folder: string;
  let site: StandIn;
  let serving: Program;
  let port: number;
  let adminPort: number;
  let edges: Edge[] = [];

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tamizdat-canary-'));
    const home = join(folder, 'home');
    site = await createStandIn([story(1)]);
    mkdirSync(join(home, 'publishers'), { recursive: true });
    writeFileSync(join(home, 'publishers', 'stand-in.yaml'), stringify(site.publisher()));
    serving = startProgram(['serve', '--home', home, '--listen', '127.0.0.1:0'], {
      env: {
        TAMIZDAT_PUBLISHERS: 'stand-in',
        TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
        TAMIZDAT_HTTP_EDGE: 'proxied',
        TAMIZDAT_LIMITS_REQUESTS_PER_SECOND: '100000',
        // Everything it ever says.
        TAMIZDAT_LOG_LEVEL: 'debug',
        ...site.env,
      },
    });
    const open = await serving.until(
      /Open \S*?http:\/\/127\.0\.0\.1:(\d+)\S*\s+\(keeper: http:\/\/127\.0\.0\.1:(\d+)/,
    );
    [port, adminPort] = [Number(open[1]), Number(open[2])];
    await serving.until(/stand-in: 1 new/);
    edges = [await startCaddyEdge(caddy, port), await startNginxEdge(nginx, port)];
  });
  afterAll(async () => {
    await serving.stop();
    await site.close();
    for (const edge of edges) edge.remove();
    rmSync(folder, { recursive: true, force: true });
  });

  const headers = {
    host: EDGE_NAME,
    'user-agent': `Browser/${MARK}`,
    referer: `http://elsewhere.example/${MARK}`,
    cookie: `id=${MARK}`,
    'accept-language': MARK,
    'x-forwarded-for': ADDRESS,
  };

  /** One request from the marked address; answers the status. */
  function ask(at: number, path: string, tls: boolean, form?: string): Promise<number> {
    const common = {
      host: '127.0.0.1',
      port: at,
      path,
      localAddress: ADDRESS,
      agent: false,
      headers,
    } as const;
    const method = form === undefined ? 'GET' : 'POST';
    return new Promise((resolve, reject) => {
      const sent = tls
        ? tlsRequest({ ...common, method, servername: EDGE_NAME, rejectUnauthorized: false })
        : plainRequest({ ...common, method });
      sent.setTimeout(60_000, () => sent.destroy(new Error('no answer in 60 s')));
      sent.on('response', (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      });
      sent.on('error', reject);
      if (form !== undefined) sent.setHeader('content-type', 'application/x-www-form-urlencoded');
      sent.end(form);
    });
  }

  it('leaves no mark on disk, in what the programs say, or in the metrics', async () => {
    const doors = [{ at: port, tls: false }, ...edges.map((edge) => ({ at: edge.port, tls: true }))];
    const paths = [
      '/stand-in/a1/',
      `/${MARK}/`,
      `/?${MARK}=1`,
      `/stand-in/${MARK}?q=${MARK}`,
      `/media/${MARK}.avif`,
    ];
    const counts = new Map<number, number>();
    for (let asked = 0; asked < REQUESTS; asked += 10) {
      const statuses = await Promise.all(
        Array.from({ length: 10 }, (_, index) => {
          const door = doors[(asked + index) % doors.length] ?? { at: port, tls: false };
          const number = asked / 10 + index;
          return number % 6 === 5
            ? ask(door.at, '/search/', door.tls, `q=${MARK}`)
            : ask(door.at, paths[number % 6] ?? '/', door.tls);
        }),
      );
      for (const status of statuses) counts.set(status, (counts.get(status) ?? 0) + 1);
    }
    expect([...counts.keys()].sort()).toEqual([200, 404]);
    for (const bytes of [
      `FOO\x01 /${MARK} HTTP/1.1\r\n\r\n`,
      `CONNECT ${MARK}:1 HTTP/1.1\r\nHost: ${MARK}\r\n\r\n`,
    ])
      await rawAsk(port, bytes, 50, 1_000);

    const metrics = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
    expect(metrics).toContain('tamizdat_answers_total{class="2xx"}');
    await serving.stop('SIGTERM');
    for (const edge of edges) await edge.stop();

    const files = [folder, ...edges.map((edge) => edge.folder)].flatMap(filesUnder);
    expect(files.some((file) => file.endsWith('tamizdat.sqlite'))).toBe(true);
    expect(files.filter((file) => file.endsWith('/said'))).toHaveLength(2);
    const texts: [string, string][] = [
      ['what the node said', serving.said()],
      ['metrics', metrics],
      ...files.map((file): [string, string] => [file, readFileSync(file, 'latin1')]),
    ];
    for (const [where, text] of texts)
      for (const trace of TRACES) expect(text.includes(trace), `${trace} in ${where}`).toBe(false);
  });
});
