import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { addressOf, type Program, startProgram } from '../support/program.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

const REQUESTS = 1_000;
/** A word that stands nowhere else; in what a reader sends it is in every place that could be written down. */
const MARK = 'zaunkoenig7q';
/** The whole of 127/8 is loopback on Linux: a reader with an address of its own. */
const ADDRESS = '127.83.77.99';

let site: StandIn;
let home: string;
let serving: Program;

beforeAll(async () => {
  site = await createStandIn([story(1), story(2)]);
  home = mkdtempSync(join(tmpdir(), 'tamizdat-canary-'));
  mkdirSync(join(home, 'publishers'));
  writeFileSync(join(home, 'publishers', 'stand-in.yaml'), stringify(site.publisher()));
  serving = startProgram(['serve', '--listen', '127.0.0.1:0', '--home', home], {
    env: {
      TAMIZDAT_PUBLISHERS: 'stand-in',
      TAMIZDAT_FETCH_POLITENESS: '0s',
      TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
      // As talkative as it can be made.
      TAMIZDAT_LOG_LEVEL: 'debug',
      // Else most of them would be told to come back later.
      TAMIZDAT_LIMITS_REQUESTS_PER_SECOND: '100000',
      ...site.env,
    },
  });
});

afterAll(async () => {
  await serving?.stop();
  await site?.close();
  rmSync(home, { recursive: true, force: true });
});

interface Sent {
  method: string;
  path: string;
  body?: string;
}

const READINGS: readonly ((index: number) => Sent)[] = [
  (index) => ({ method: 'GET', path: `/?${MARK}=${index}` }),
  () => ({ method: 'GET', path: `/stand-in/a1/?utm_source=${MARK}` }),
  (index) => ({ method: 'GET', path: `/${MARK}/${index}/` }),
  () => ({ method: 'GET', path: `/stand-in/${MARK}-a2` }),
  () => ({ method: 'POST', path: '/search/', body: `q=${MARK}&since=any&publisher=${MARK}` }),
  () => ({ method: 'GET', path: `/media/${MARK}.jpg` }),
  () => ({ method: 'GET', path: `/%zz/${MARK}` }),
  () => ({ method: 'GET', path: `/stand-in/rss.xml?${MARK}` }),
];

function read(origin: URL, index: number): Promise<number> {
  const { method, path, body } = (READINGS[index % READINGS.length] ?? READINGS[0])?.(index) ?? {
    method: 'GET',
    path: '/',
  };
  return new Promise((resolve) => {
    const sent = request(
      {
        host: origin.hostname,
        port: origin.port,
        localAddress: ADDRESS,
        method,
        path,
        agent: false,
        headers: {
          'user-agent': `Reader/1.0 (${MARK})`,
          'x-forwarded-for': `203.0.113.7, ${MARK}`,
          forwarded: `for=${MARK}`,
          referer: `http://${MARK}.example/`,
          cookie: `id=${MARK}`,
          'if-none-match': `"${MARK}"`,
          'accept-language': MARK,
          ...(body === undefined
            ? {}
            : {
                'content-type': 'application/x-www-form-urlencoded',
                'content-length': String(Buffer.byteLength(body)),
              }),
        },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () => resolve(answer.statusCode ?? 0));
      },
    );
    // A request that Node itself turns away ends the connection.
    sent.on('error', () => resolve(0));
    sent.end(body);
  });
}

function filesOf(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}

const traces = (text: Buffer | string): string[] => [MARK, ADDRESS].filter((mark) => text.includes(mark));

describe('a reader', () => {
  it('leaves no trace on disk, in the log or in the metrics, after a thousand requests', async () => {
    const origin = new URL(await addressOf(serving));
    await serving.until(/stand-in: 2 new/);
    const statuses = new Map<number, number>();
    for (let done = 0; done < REQUESTS; done += 20) {
      const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => read(origin, done + index)));
      for (const status of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
    // They were answered, and found pages among them.
    expect(statuses.get(200)).toBeGreaterThan(REQUESTS / 4);
    expect(statuses.get(404)).toBeGreaterThan(REQUESTS / 10);

    const [, keeper] = await serving.until(/keeper: (http:\/\/127\.0\.0\.1:\d+)/);
    const metrics = await (await fetch(`${keeper}/metrics`)).text();
    expect(metrics).toContain('tamizdat_');
    expect(traces(metrics)).toEqual([]);

    const whileRunning = filesOf(home).map((file) => [file, ...traces(readFileSync(file))]);
    // The search looks where words would be found.
    expect(filesOf(home).some((file) => readFileSync(file).includes('Lighthouse report 1'))).toBe(true);
    expect(whileRunning.filter(([, ...found]) => found.length > 0)).toEqual([]);
    expect((await serving.stop('SIGTERM')).code).toBe(0);
    expect(filesOf(home).filter((file) => traces(readFileSync(file)).length > 0)).toEqual([]);
    expect(serving.said().length).toBeGreaterThan(100);
    expect(traces(serving.said())).toEqual([]);
  }, 400_000);
});
