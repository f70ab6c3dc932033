import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeLong } from '../support/tools.js';
import { createTufRepository, type TufRepository } from '../support/tuf-repository.js';

const CLIENT = fileURLToPath(new URL('../../scripts/tuf-client', import.meta.url));

let repository: TufRepository;
let server: Server;
let folder: string;
let asked: string[];

/** The command line of the public conformance suite, word for word. */
function run(...words: string[]): Promise<{ code: number | null; stderr: string }> {
  const { port } = server.address() as AddressInfo;
  const argv = words.flatMap((word) =>
    word === 'URL' ? ['--metadata-url', `http://127.0.0.1:${port}/metadata/`] : [word],
  );
  const child = spawn(CLIENT, ['--metadata-dir', join(folder, 'metadata'), ...argv]);
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, stderr })));
}

const download = (name: string) => {
  const { port } = server.address() as AddressInfo;
  return run(
    'URL',
    '--target-name',
    name,
    '--target-base-url',
    `http://127.0.0.1:${port}/targets`,
    '--target-dir',
    join(folder, 'targets'),
    'download',
  );
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tamizdat-tuf-'));
  repository = createTufRepository(Date.now(), 'ecdsa-sha2-nistp256');
  writeFileSync(join(folder, 'root.json'), repository.publishRoot());
  repository.addTarget('targets', 'path/to/file.txt', 'what was signed');
  repository.addTarget('targets', 'other.txt', 'what was signed as well');
  repository.publish();
  asked = [];
  server = createServer((request, response) => {
    const [, kind, path = ''] = /^\/(metadata|targets)\/(.+)$/.exec(request.url ?? '') ?? [];
    asked.push(path);
    const bytes = (kind === 'metadata' ? repository.files : repository.artifacts).get(path);
    response.writeHead(bytes === undefined ? 404 : 200, { 'content-length': bytes?.length ?? 0 }).end(bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

describeLong('scripts/tuf-client', () => {
  it('does what the conformance suite asks of a client', async () => {
    expect(await run('init', join(folder, 'root.json'))).toEqual({ code: 0, stderr: '' });
    expect(asked).toEqual([]);

    // Whoever asks for a file first gets the metadata on the way, also where nobody signs for that file.
    expect(await download('of-nobody.txt')).toMatchObject({ code: 1 });
    expect(asked.splice(0)).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
    rmSync(join(folder, 'metadata'), { recursive: true });
    expect((await run('init', join(folder, 'root.json'))).code).toBe(0);

    expect(await run('URL', 'refresh')).toEqual({ code: 0, stderr: '' });
    expect(asked).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
    expect(readdirSync(join(folder, 'metadata')).sort()).toEqual([
      'root.json',
      'snapshot.json',
      'targets.json',
      'timestamp.json',
    ]);

    expect(await download('path/to/file.txt')).toEqual({ code: 0, stderr: '' });
    const [file = ''] = readdirSync(join(folder, 'targets'));
    expect(readFileSync(join(folder, 'targets', file), 'utf8')).toBe('what was signed');

    asked.length = 0;
    expect((await download('path/to/file.txt')).code).toBe(0);
    expect(asked).toEqual(['2.root.json', 'timestamp.json']);

    for (const path of repository.artifacts.keys())
      repository.artifacts.set(path, Buffer.from('what was not signed!!'));
    expect(await download('other.txt')).toMatchObject({ code: 1 });
    expect(readdirSync(join(folder, 'targets'))).toHaveLength(1);

    // A file that changes is fetched anew; what nobody signed in its place leaves the last good one.
    const kept = () => readFileSync(join(folder, 'targets', file), 'utf8');
    repository.addTarget('targets', 'path/to/file.txt', 'what was signed later');
    repository.publish();
    expect((await download('path/to/file.txt')).code).toBe(0);
    expect(kept()).toBe('what was signed later');
    repository.addTarget('targets', 'path/to/file.txt', 'what is signed at last');
    repository.publish();
    for (const path of repository.artifacts.keys())
      repository.artifacts.set(path, Buffer.from('what was never signed!'));
    expect((await download('path/to/file.txt')).code).toBe(1);
    expect(kept()).toBe('what was signed later');
  });
});
