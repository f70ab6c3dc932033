import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Updater } from 'tuf-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseSiteDocument } from '../../src/sign/site-document.js';
import { QUICK_FOLDER } from '../support/test-node.js';
import { treeFolderOf } from './signed-tree.js';
import { createTestDesk } from './test-desk.js';

let desk: ReturnType<typeof createTestDesk>;
let server: Server;
let client: string;

beforeEach(async () => {
  desk = createTestDesk();
  // tuf-js goes by the machine's clock.
  desk.clock.advance(Date.now() - desk.clock.now() - 3_600_000);
  desk.save(1);
  await desk.publish();
  const folder = treeFolderOf(desk.home);
  server = createServer((request, response) => {
    try {
      response.end(readFileSync(join(folder, request.url ?? '')));
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = mkdtempSync(join(QUICK_FOLDER, 'tamizdat-tuf-'));
  mkdirSync(join(client, 'targets'));
  copyFileSync(join(folder, 'tuf/1.root.json'), join(client, 'root.json'));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  desk.close();
  rmSync(client, { recursive: true, force: true });
});

/** A TUF client that trusts what it has stored so far. */
function updater(): Updater {
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return new Updater({
    metadataDir: client,
    metadataBaseUrl: `${base}/tuf`,
    targetDir: join(client, 'targets'),
    targetBaseUrl: `${base}/targets`,
  });
}

async function download(name: string): Promise<string> {
  const tuf = updater();
  await tuf.refresh();
  const target = await tuf.getTargetInfo(name);
  if (target === undefined) throw new Error(`no target ${name}`);
  return readFileSync(await tuf.downloadTarget(target), 'utf8');
}

describe('tuf-js as the client', () => {
  it('takes our metadata, and every target by its role', async () => {
    expect(parseSiteDocument(Buffer.from(await download('site.json')))?.attest).toBe('relay');
    expect(await download('log/checkpoint')).toBe(
      readFileSync(join(treeFolderOf(desk.home), 'log/checkpoint'), 'utf8'),
    );
    expect(JSON.parse(await download('log/front'))).toMatchObject({ v: 1, size: 2, articles: [{ i: 1 }] });
  });

  it('follows new articles, new keys and a root in shares, from the first root on', async () => {
    await download('site.json');
    const away = join(client, 'away');
    desk.save(2);
    await desk.publish();
    for (const role of ['edition', 'snapshot', 'targets', 'mirrors', 'root']) {
      desk.clock.advance(1_000);
      desk.desk.replaceKeys(role, null, []);
      expect(await desk.desk.publish()).toMatchObject({ kind: 'published' });
      expect(await download('log/checkpoint')).toContain('\n3\n');
    }
    desk.desk.moveOffline(away);
    const shares = [1, 2, 3].map((one) => join(client, `share-${one}`));
    desk.desk.holdCeremony(shares, 2, [away]);
    desk.save(3);
    await desk.publish();
    expect(await download('log/checkpoint')).toContain('\n4\n');
    desk.desk.replaceKeys('timestamp', null, shares.slice(1));
    await desk.desk.publish();
    expect(await download('log/checkpoint')).toContain('\n4\n');
    expect(() => desk.desk.replaceKeys('timestamp', null, shares.slice(2))).toThrow(
      /signed with 2 root keys, and 1/,
    );
    // Who has been away since the first root walks the whole chain.
    copyFileSync(join(treeFolderOf(desk.home), 'tuf/1.root.json'), join(client, 'root.json'));
    for (const file of ['timestamp', 'snapshot', 'targets', 'edition'])
      rmSync(join(client, `${file}.json`), { force: true });
    expect(await download('site.json')).toContain('relay');
  });
});
