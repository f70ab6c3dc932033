import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../domain/clock.js';
import { TamizdatError } from '../domain/errors.js';
import type { Publisher } from '../domain/publisher.js';
import { createChronicle, type StepReport } from './chronicle.js';
import { demoPublishers } from './demo-publishers.js';
import { readDiary, writeDiary } from './diary.js';
import { createPictures } from './pictures.js';
import { type Answer, createRoutes } from './routes.js';
import { loadStock } from './stock.js';

export interface DemoNewsroomOptions {
  clock: Clock;
  /** 0: the port of the last time where the diary knows one and it is free, else any. */
  port?: number;
  host?: string;
  /** Pause between two new notes in the first hour or so; 0: only `step()` publishes. */
  everyMs?: number;
  /** Where the newsroom keeps what it did, so that a restart goes on instead of dating everything anew. */
  diaryFile?: string | null;
}

export interface DemoNewsroom {
  start(): Promise<{ origin: string; port: number }>;
  stop(): Promise<void>;
  /** The four publishers at the newsroom's address. Throws before `start()`. */
  readonly publishers: Publisher[];
  /** Publishes the next note, dated `at` (default: now). */
  step(at?: number): StepReport;
}

/** So many notes come at the lively pace, for whoever is watching; then ten times slower, so that a day of one language
 * (some 36 notes) fits the mirror's plain feed however long the demo is left running. */
const LIVELY_STEPS = 60;
const CALM_FACTOR = 10;

/** A small news site of our own on the loopback address, shaped like a real publisher's, that keeps publishing. */
export function createDemoNewsroom(options: DemoNewsroomOptions): DemoNewsroom {
  const { clock, host = '127.0.0.1', everyMs = 60_000, diaryFile = null } = options;
  const diary = (diaryFile === null ? null : readDiary(diaryFile)) ?? {
    foundedAt: clock.now(),
    port: 0,
    steps: [],
  };
  const stock = loadStock();
  const chronicle = createChronicle(stock, diary.foundedAt);
  for (const at of diary.steps) chronicle.step(at);
  const stopping = new AbortController();
  let origin: string | null = null;

  const answer = createRoutes(stock, chronicle, createPictures(stock.pictures), () => address());
  const server = createServer((request, response) => {
    respond(request, response, answer).catch(() => response.destroy());
  });

  function address(): string {
    if (origin !== null) return origin;
    throw new TamizdatError('demo-not-started', 'The demo newsroom has no address before start()');
  }

  function step(at = clock.now()): StepReport {
    diary.steps.push(at);
    const report = chronicle.step(at);
    if (diaryFile !== null) writeDiary(diaryFile, diary);
    return report;
  }

  async function keepPublishing(): Promise<void> {
    for (let taken = 0; !stopping.signal.aborted; taken += 1) {
      await clock.sleep(taken < LIVELY_STEPS ? everyMs : everyMs * CALM_FACTOR, stopping.signal);
      try {
        step();
      } catch {
        // A full disk: the note is out, and the diary gets it with the next one that can be written.
      }
    }
  }

  return {
    async start() {
      const port = await listen(server, host, options.port ?? 0, diary.port);
      diary.port = port;
      origin = `http://${host}:${port}`;
      if (diaryFile !== null) writeDiary(diaryFile, diary);
      // Ends by the abort of stop(), which is the only way the clock's sleep rejects.
      if (everyMs > 0) keepPublishing().catch(() => undefined);
      return { origin, port };
    },
    async stop() {
      stopping.abort();
      server.closeAllConnections();
      await new Promise<void>((done) => server.close(() => done()));
    },
    get publishers() {
      return demoPublishers(address());
    },
    step,
  };
}

/** Listens on the port asked for; with 0 on the remembered one if it is free. Gives the port. */
async function listen(server: Server, host: string, asked: number, remembered: number): Promise<number> {
  for (const port of asked === 0 && remembered !== 0 ? [remembered, 0] : [asked]) {
    const failure = await new Promise<Error | null>((done) => {
      server.once('error', done);
      server.listen(port, host, () => {
        server.off('error', done);
        done(null);
      });
    });
    if (failure === null) return (server.address() as AddressInfo).port;
    if (port === asked) {
      throw new TamizdatError('demo-port', `The demo newsroom cannot listen on ${host}:${port}`, {
        hint: 'Choose another port, or 0 for any free one.',
        cause: failure,
      });
    }
  }
  throw new TamizdatError('demo-port', `The demo newsroom found no port on ${host}`);
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (path: string) => Promise<Answer>,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { Allow: 'GET, HEAD' }).end();
    return;
  }
  const { pathname } = new URL(request.url ?? '/', 'http://demo.invalid');
  const { status, type, body, changedAt } = await answer(pathname);
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`;
  const headers: Record<string, string> = { ETag: etag, 'Cache-Control': 'max-age=30' };
  if (changedAt !== null) headers['Last-Modified'] = new Date(changedAt).toUTCString();
  if (status === 200 && isUnchanged(request, etag, changedAt)) {
    response.writeHead(304, headers).end();
    return;
  }
  headers['Content-Type'] = type;
  headers['Content-Length'] = String(Buffer.byteLength(body));
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body);
}

/** RFC 9110 section 13.2.2: If-None-Match decides where it is sent, If-Modified-Since only without it. */
function isUnchanged(request: IncomingMessage, etag: string, changedAt: number | null): boolean {
  const known = request.headers['if-none-match'];
  if (known !== undefined) return known.split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag);
  const since = Date.parse(request.headers['if-modified-since'] ?? '');
  return changedAt !== null && Number.isFinite(since) && Math.floor(changedAt / 1000) * 1000 <= since;
}
