import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { beliefsOf, envOf, filesOf, type Mirror, startFollower } from '../support/attacked-follower.js';
import { type MirrorServer, startMirror } from '../support/mirror-server.js';
import { addressOf, type Program, startProgram } from '../support/program.js';
import { deskWith, type TestDesk } from '../support/test-desk.js';
import { QUICK_FOLDER } from '../support/test-node.js';
import { describeLong } from '../support/tools.js';
import { EVIL } from './attacks/attack.js';

const folder = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-attacks-'));
const mirrors: MirrorServer[] = [];
const serving: Program[] = [];
afterAll(async () => {
  for (const program of serving) await program.stop();
  for (const mirror of mirrors) await mirror.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts `serve` over a home of its own; resolves with its address once its first pass is over. */
async function serve(desk: TestDesk, peers: readonly Mirror[]): Promise<string> {
  const argv = ['serve', '--home', join(folder, 'serving'), '--listen', '127.0.0.1:0'];
  const program = startProgram(argv, { env: envOf(desk, peers) });
  serving.push(program);
  const address = await addressOf(program);
  await program.until(/\d+ new, \d+ changed/);
  return `${address}/`;
}

describeLong('what readers see of a node whose peer lies', () => {
  it('is what it verified, and so it is for whoever follows it', async () => {
    const desk = deskWith(3, Math.floor(Date.now() / 1_000) - 60);
    desk.add('p', desk.articleBlob('x1', { content_html: `<p>Plain</p><script>${EVIL}</script>` }));
    desk.publish();
    const [evil, honest] = [await startMirror(desk.tree), await startMirror(desk.tree)];
    mirrors.push(evil, honest);
    evil.twist((path, bytes) =>
      bytes !== null && path.startsWith('blob/') ? { body: EVIL.padEnd(bytes.length) } : null,
    );
    const url = await serve(desk, [evil, honest]);
    const read = async (path: string): Promise<[number, Buffer]> => {
      const answer = await fetch(new URL(path, url), { headers: { connection: 'close' } });
      return [answer.status, Buffer.from(await answer.arrayBuffer())];
    };
    for (const path of ['/test-news/', '/test-news/aa2/', '/test-news/ax1/', '/rss.xml', '/full/rss.xml']) {
      const [status, body] = await read(path);
      expect([path, status]).toEqual([path, 200]);
      expect(body.toString()).not.toContain(EVIL);
    }
    expect((await read('/test-news/aa2/'))[1].toString()).toContain('number a2 was written down');
    for (const [path, bytes] of desk.tree) {
      if (!path.startsWith('blob/') && path !== 'head.json') continue;
      const [status, body] = await read(`/signed/${path}`);
      expect([path, status, body.equals(bytes)]).toEqual([path, 200, true]);
    }
    const second = startFollower(desk, [evil, { url, pair: new URL(url).host }]);
    try {
      expect(await second.pass(Date.now())).toMatchObject({ outcome: 'news', fresh: 4, missing: 0 });
      expect(beliefsOf(second).peers.map(({ state }) => state)).toEqual(['liar', 'current']);
      expect(Object.values(filesOf(second)).join('\n')).not.toContain(`${EVIL}  `);
    } finally {
      await second.close();
    }
  });
});
