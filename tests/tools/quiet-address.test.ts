import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort } from '../support/free-ports.js';
import { createManualClock } from '../support/manual-clock.js';
import { ODD_REQUESTS } from '../support/odd-requests.js';
import { rawAsk } from '../support/raw-ask.js';
import { createTestNode } from '../support/test-node.js';
import { describeWith } from '../support/tools.js';
import { createStandIn, DAY_MS, FIRST_AT, type StandIn, story } from '../sync/stand-in.js';

/** The time of day and the version differ; nothing else may. */
const comparable = (text: string): string =>
  text.replace(/\r\nDate: [^\r]*/g, '\r\nDate: *').replaceAll(/nginx\/[\d.]+/g, 'nginx/*');

describeWith(['nginx'], 'outside its secret addresses a mirror is Debian’s nginx', ({ nginx }) => {
  let folder: string;
  let judge: ChildProcess;
  let judgePort: number;
  let site: StandIn;
  let node: Awaited<ReturnType<typeof createTestNode>>;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'tamizdat-nginx-'));
    judgePort = await freePort();
    writeFileSync(join(folder, 'nginx.conf'), judgeConfig(folder, judgePort));
    judge = spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf')], { stdio: 'ignore' });
    site = await createStandIn([story(1)]);
    node = await createTestNode({
      desk: true,
      publishers: [site.publisher()],
      clock: createManualClock(FIRST_AT + DAY_MS),
      env: { ...site.env, TAMIZDAT_SITE_BASE_PATH: '/a-secret-word/' },
    });
    await node.pass();
    for (let tried = 0; tried < 600; tried += 1) {
      if ((await rawAsk(judgePort, 'GET / HTTP/1.0\r\n\r\n')).text !== '') break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  afterAll(async () => {
    judge.kill();
    await node.close();
    await site.close();
    rmSync(folder, { recursive: true, force: true });
  });

  // Several at once: where a connection stays open, its end is a silence that is waited for.
  it.concurrent.each(ODD_REQUESTS)('to %s', async (_, bytes) => {
    const port = Number(new URL(node.origin).port);
    const [expected, answer] = await Promise.all([rawAsk(judgePort, bytes), rawAsk(port, bytes)]);
    expect(expected.text).toContain('nginx');
    expect(comparable(answer.text)).toBe(comparable(expected.text));
  });

  it('and inside it is the mirror', async () => {
    expect((await node.get('/a-secret-word/')).text).toContain('Lighthouse report 1');
  });
});

/** Debian's nginx.conf, and one server where nothing is. */
const judgeConfig = (folder: string, port: number): string => `
daemon off; worker_processes 1; pid ${folder}/pid; error_log /dev/null;
events { worker_connections 64; }
http {
  sendfile on; tcp_nopush on; types_hash_max_size 2048; default_type application/octet-stream; gzip on; access_log off;
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f; uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  types { text/html html; }
  server { listen 127.0.0.1:${port}; location / { return 404; } }
}`;
