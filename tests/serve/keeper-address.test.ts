import { request } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { createAdminApp, type KeeperWord } from '../../src/serve/admin-app.js';
import type { GateConfig } from '../../src/serve/keeper-gate.js';
import { type Listening, listen } from '../../src/serve/listen.js';

let server: Listening | null = null;
let words: KeeperWord[] = [];

async function start(gate: Partial<GateConfig> = {}): Promise<string> {
  words = [];
  const app = createAdminApp(
    { hosts: [], token: null, ...gate },
    {
      healthy: () => true,
      metrics: () => 'up 1\n',
      page: (csrf) => `<p>csrf=${csrf}=</p>`,
      styleSource: "'none'",
      decide: async (given) => {
        words.push(...given);
      },
    },
  );
  server = await listen(app, { host: '127.0.0.1', port: 0 });
  return `127.0.0.1:${server.port}`;
}

afterEach(async () => {
  await server?.close(0);
  server = null;
});

interface Asked {
  method?: string;
  path?: string;
  headers?: Record<string, string>;
  form?: Record<string, string>;
}

function ask({ method = 'GET', path = '/', headers = {}, form }: Asked = {}) {
  const body = form === undefined ? undefined : new URLSearchParams(form).toString();
  const type = body === undefined ? {} : { 'Content-Type': 'application/x-www-form-urlencoded' };
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>(
    (resolve, reject) => {
      const sent = request(
        {
          host: '127.0.0.1',
          port: server?.port,
          method,
          path,
          headers: { ...type, ...headers },
          agent: false,
        },
        (response) => {
          let text = '';
          response.setEncoding('utf8').on('data', (part) => {
            text += part;
          });
          response.on('end', () =>
            resolve({ status: response.statusCode ?? 0, text, headers: response.headers }),
          );
        },
      );
      sent.on('error', reject);
      sent.end(body);
    },
  );
}

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
});

describe('the keeper’s address', () => {
  it.each([['127.0.0.1:1'], ['localhost:99'], ['LocalHost'], ['127.3.2.1'], ['[::1]:8081']])(
    'answers under this machine’s own name %s',
    async (host) => {
      await start();
      expect((await ask({ headers: { Host: host } })).status).toBe(200);
    },
  );

  it.each([
    ['evil.example'],
    ['evil.example:8081'],
    ['127.0.0.1.evil.example'],
    ['localhost.evil.example'],
    ['192.168.1.5'],
    ['0.0.0.0'],
    ['[::2]'],
    ['127.0.0.1@evil.example'],
  ])('refuses the foreign name %s for everything, in plain words', async (host) => {
    await start();
    for (const path of ['/', '/metrics', '/healthz', '/decide']) {
      const answer = await ask({ path, headers: { Host: host } });
      expect([400, 421]).toContain(answer.status);
      expect(answer.text).not.toContain('csrf=');
    }
    if (/^[\w.:]+$/.test(host))
      expect((await ask({ headers: { Host: host } })).text).toContain('admin.hosts');
  });

  it('answers under names of the configuration, and under no neighbor of theirs', async () => {
    await start({ hosts: ['node.example', '192.0.2.7'] });
    expect((await ask({ headers: { Host: 'node.example:8081' } })).status).toBe(200);
    expect((await ask({ headers: { Host: '192.0.2.7' } })).status).toBe(200);
    expect((await ask({ headers: { Host: 'x.node.example' } })).status).toBe(421);
  });

  it('sets no cookie, is kept nowhere and loads nothing', async () => {
    await start();
    const { headers } = await ask();
    expect(headers['set-cookie']).toBeUndefined();
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  });
});

describe('a token', () => {
  const token = 'correct-horse-battery';

  it('is asked for on everything but health', async () => {
    await start({ token });
    for (const path of ['/', '/metrics', '/nowhere']) {
      const answer = await ask({ path });
      expect([path, answer.status]).toEqual([path, 401]);
      expect(answer.headers['www-authenticate']).toMatch(/^Basic /);
      expect(answer.text).toContain('admin.token');
    }
    expect((await ask({ path: '/healthz' })).text).toBe('ok\n');
  });

  it.each([
    [basic('keeper', token), 200],
    [basic('', token), 200],
    [{ Authorization: `Bearer ${token}` }, 200],
    [basic('keeper', `${token}x`), 401],
    [basic(token, ''), 401],
    [basic('keeper', ''), 401],
    [{ Authorization: `Digest ${token}` }, 401],
    [{ Authorization: token }, 401],
  ])('%j gets %s', async (headers, status) => {
    await start({ token });
    expect((await ask({ headers })).status).toBe(status);
  });
});

describe('the buttons', () => {
  async function csrfOf(): Promise<string> {
    return /csrf=([^=]+)=/.exec((await ask()).text)?.[1] ?? '';
  }
  const own = (address: string) => ({
    Origin: `http://${address}`,
    'Sec-Fetch-Site': 'same-origin',
    Host: address,
  });

  it('decide, and lead back to the page', async () => {
    const address = await start();
    const form = { csrf: await csrfOf(), ids: '3,4', verdict: 'refuse' };
    const answer = await ask({ method: 'POST', path: '/decide', headers: own(address), form });
    expect([answer.status, answer.headers.location]).toEqual([303, './']);
    expect(words).toEqual([
      { id: 3, verdict: 'refuse' },
      { id: 4, verdict: 'refuse' },
    ]);
  });

  it('work in a browser that sends one of Origin and Sec-Fetch-Site', async () => {
    const address = await start();
    const form = { csrf: await csrfOf(), ids: '3', verdict: 'accept' };
    for (const headers of [{ Origin: `http://${address}` }, { 'Sec-Fetch-Site': 'same-origin' }])
      expect((await ask({ method: 'POST', path: '/decide', headers, form })).status).toBe(303);
    expect(words).toHaveLength(2);
  });

  it.each([
    ['another origin', { Origin: 'http://evil.example' }],
    ['another port of this machine', { Origin: 'http://127.0.0.1:1' }],
    ['an origin that is hidden', { Origin: 'null' }],
    ['no sender at all', {}],
    ['a page of another site', { 'Sec-Fetch-Site': 'cross-site' }],
    ['a page of another port', { 'Sec-Fetch-Site': 'same-site' }],
    ['a bookmark', { 'Sec-Fetch-Site': 'none' }],
  ])('are refused to %s', async (_who, headers: Record<string, string>) => {
    await start();
    const form = { csrf: await csrfOf(), ids: '3', verdict: 'accept' };
    const answer = await ask({ method: 'POST', path: '/decide', headers, form });
    expect([answer.status, words]).toEqual([403, []]);
  });

  it.each([
    [{ csrf: 'guessed', ids: '3', verdict: 'accept' }, 403],
    [{ ids: '3', verdict: 'accept' }, 403],
    [{ csrf: 'own', ids: '3;DROP', verdict: 'accept' }, 400],
    [{ csrf: 'own', ids: '', verdict: 'accept' }, 400],
    [{ csrf: 'own', ids: '3', verdict: 'maybe' }, 400],
  ])('do nothing with %j', async (given: Record<string, string>, status) => {
    const address = await start();
    const form = { ...given, ...(given.csrf === 'own' ? { csrf: await csrfOf() } : {}) };
    const answer = await ask({ method: 'POST', path: '/decide', headers: own(address), form });
    expect([answer.status, words]).toEqual([status, []]);
  });
});
