import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { addressOf, startProgram } from '../support/program.js';
import { createStandIn, type StandIn, story } from '../sync/stand-in.js';

const PRELOAD = pathToFileURL(fileURLToPath(new URL('../support/crash-preload.mjs', import.meta.url))).href;

/** Stands in everything a reader sends; nothing that the program leaves behind may hold it. */
const MARK = 'quokka7f3a';
let site: StandIn;
let home: string;

beforeAll(async () => {
  site = await createStandIn([story(1)]);
  home = mkdtempSync(join(tmpdir(), 'tamizdat-crash-'));
  mkdirSync(join(home, 'publishers'));
  writeFileSync(join(home, 'publishers', 'stand-in.yaml'), stringify(site.publisher()));
});
afterAll(async () => {
  await site.close();
  rmSync(home, { recursive: true, force: true });
});

describe('a serving process that breaks while it answers', () => {
  it('tells where, and nothing of the reader; it serves on after a rejection and ends with 70 after an exception', async () => {
    const serving = startProgram(['serve', '--home', home, '--listen', '127.0.0.1:0'], {
      flags: ['--import', PRELOAD],
      env: {
        TAMIZDAT_PUBLISHERS: 'stand-in',
        TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
        TAMIZDAT_LOG_LEVEL: 'debug',
        ...site.env,
      },
    });
    const { said, until } = serving;
    try {
      const address = await addressOf(serving);
      await until(/stand-in: 1 new/);
      const ask = (how: string) =>
        fetch(`${address}/${MARK}/break-by-${how}?q=${MARK}`, {
          headers: {
            'user-agent': `Reader/${MARK}`,
            referer: `https://example.org/${MARK}`,
            cookie: `id=${MARK}`,
            'x-forwarded-for': '203.0.113.77',
            'accept-language': MARK,
          },
        }).then(
          (response) => response.status,
          () => null,
        );
      for (const how of ['rejection', 'text', 'console', 'warning']) {
        expect(await ask(how), how).toBe(404);
        expect((await fetch(`${address}/stand-in/a1/`)).status, how).toBe(200);
      }
      const search = (q: string) =>
        fetch(`${address}/search/`, { method: 'POST', body: new URLSearchParams({ q }) });
      const broken = await search(`breaksearch${MARK}`);
      expect([broken.status, await broken.text()]).toEqual([500, expect.stringContaining('Something broke')]);
      await until(/error search-broke class=RangeError code=ERR_OUT_OF_RANGE at=\S*src\/store\//);
      const found = await search(`lighthouse ${MARK}`);
      expect([found.status, await found.text()]).toEqual([200, expect.stringContaining(MARK)]);
      await until(/unhandled-rejection class=TypeError code=ERR_INVALID_URL/);
      await until(/unhandled-rejection class=string/);
      await ask('throw');
      expect((await serving.ended).code, said()).toBe(70);
    } finally {
      await serving.stop();
    }
    expect(said()).toMatch(/error crashed class=TypeError code=ERR_INVALID_URL/);
    for (const trace of [MARK, '203.0.113.77', 'Reader/', 'break-by'])
      expect(said(), trace).not.toContain(trace);
    for (const name of readdirSync(home, { recursive: true, encoding: 'utf8' })) {
      if (!statSync(join(home, name)).isFile()) continue;
      const bytes = readFileSync(join(home, name));
      for (const trace of [MARK, '203.0.113.77'])
        expect(bytes.includes(trace), `${trace} in ${name}`).toBe(false);
    }
  });
});
