import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { FileFetcher } from '../src/domain/file-fetcher.js';
import { createFileFetcher, FILE_FETCH_DEFAULTS } from '../src/fetch/file-fetcher.js';
import { EndlessData, MissingFile, SubstitutedFile } from '../src/sign/verify/refusals.js';
import { createTufClient } from '../src/sign/verify/tuf-client.js';
import { checkBytes } from '../src/sign/verify/tuf-metadata.js';

/**
 * The client of the public TUF conformance suite (theupdateframework/tuf-conformance, CLIENT-CLI) over this program's own
 * checks, for any TUF 1.0 repository: `init TRUSTED_ROOT`, `refresh`, `download`. Exit code 1 where anything is refused.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    'metadata-dir': { type: 'string' },
    'metadata-url': { type: 'string' },
    'target-name': { type: 'string' },
    'target-base-url': { type: 'string' },
    'target-dir': { type: 'string' },
  },
});

const option = (name: keyof typeof values): string => {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is missing`);
  return value;
};

const urlUnder = (base: string, path: string): string => `${base.replace(/\/$/, '')}/${path}`;

/** Whoever starts this names the server; the guard against private addresses is for what strangers name. */
function fetcherFor(address: string): FileFetcher {
  const { hostname, port, protocol } = new URL(address);
  const pair = `${hostname}:${port === '' ? (protocol === 'https:' ? 443 : 80) : port}`;
  return createFileFetcher({
    ...FILE_FETCH_DEFAULTS,
    userAgent: 'tamizdat-tuf-client',
    allow: [pair],
    route: null,
  });
}

async function read(base: string, path: string, maxBytes: number): Promise<Buffer | null> {
  const outcome = await fetcherFor(base).fetch({ url: urlUnder(base, path), maxBytes });
  if (outcome.kind === 'file') return outcome.bytes;
  if (outcome.kind === 'missing') return null;
  if (outcome.kind === 'too-large') throw new EndlessData(path, maxBytes);
  throw new MissingFile(path, 'detail' in outcome ? outcome.detail : outcome.kind);
}

function write(file: string, bytes: Uint8Array): void {
  writeFileSync(`${file}.part`, bytes);
  renameSync(`${file}.part`, file);
}

const metadataFile = (role: string): string =>
  join(option('metadata-dir'), `${encodeURIComponent(role)}.json`);

const client = () =>
  createTufClient({
    now: Date.now(),
    fetch: (path, maxBytes) => read(option('metadata-url'), path, maxBytes),
    load: (role) => (existsSync(metadataFile(role)) ? readFileSync(metadataFile(role)) : null),
    save: (role, bytes) => write(metadataFile(role), bytes),
  });

async function download(): Promise<void> {
  const name = option('target-name');
  const { refresh, find, targetPath } = client();
  const set = await refresh();
  const target = await find(set, name);
  if (target === null) throw new MissingFile(name, 'nobody signs for it');
  const file = join(option('target-dir'), encodeURIComponent(name));
  if (existsSync(file) && holds(readFileSync(file), target, name)) return;
  const bytes = await read(option('target-base-url'), targetPath(set, name, target), target.length);
  if (bytes === null) throw new MissingFile(name);
  if (!holds(bytes, target, name)) throw new SubstitutedFile(name, 'is not the file that was signed');
  mkdirSync(option('target-dir'), { recursive: true });
  write(file, bytes);
}

function holds(bytes: Uint8Array, target: Parameters<typeof checkBytes>[1], name: string): boolean {
  try {
    checkBytes(bytes, target, name);
    return true;
  } catch {
    return false;
  }
}

async function main(): Promise<void> {
  const [command, trustedRoot] = positionals;
  if (command === 'init' && trustedRoot !== undefined) {
    mkdirSync(option('metadata-dir'), { recursive: true });
    write(metadataFile('root'), readFileSync(trustedRoot));
  } else if (command === 'refresh') await client().refresh();
  else if (command === 'download') await download();
  else throw new Error('say init TRUSTED_ROOT, refresh or download');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
