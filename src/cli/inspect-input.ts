import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { Config } from '../config/config.js';
import { fetchSettings } from '../config/fetch-settings.js';
import { systemClock } from '../domain/clock.js';
import { TamizdatError, UsageError } from '../domain/errors.js';
import type { Fetched, FetchOutcome } from '../domain/fetch-outcome.js';
import type { Fetcher, FetchRequest } from '../domain/fetcher.js';
import { toHttpUrl } from '../domain/http-url.js';
import { createLog } from '../observe/log.js';
import type { CliDeps } from './cli-deps.js';

/** What is looked at: its bytes, and what is known of where they came from. */
export interface Input {
  bytes: Uint8Array;
  contentType: string | null;
  /** Where the bytes came from, after redirects; null: not known. */
  url: string | null;
}

export interface InputReader {
  /** A file's path, an http(s) URL, or `-` for standard input. @throws TamizdatError saying why it cannot be had */
  read(source: string, expect: FetchRequest['expect']): Promise<Input>;
  close(): Promise<void>;
}

const isWebAddress = (source: string) => /^https?:\/\//i.test(source);

export async function readAll(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of stream) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** What gzip in a file may unpack to. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;

/** A saved page or feed may be packed, as archives keep them. @throws RangeError where it unpacks to too much */
function unpacked(bytes: Buffer): Buffer {
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  return isPacked ? gunzipSync(bytes, { maxOutputLength: MAX_UNPACKED_BYTES }) : bytes;
}

function readFile(path: string): Buffer {
  try {
    return unpacked(readFileSync(path));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError('inspect-unreadable', `${path} cannot be read: ${reason}`, {
      hint: 'Give a file, an http(s) URL, or - for standard input.',
      cause: error,
    });
  }
}

/** @throws UsageError where there is none */
export function requireSource(source: string | undefined): string {
  if (source !== undefined) return source;
  throw new UsageError('inspect-no-source', 'there is nothing to look at', {
    hint: 'Give a file, an http(s) URL, or - for standard input; or --batch.',
  });
}

/** The address of a page. @throws UsageError where it is missing or none */
export function requireUrl(url: string | null | undefined): string {
  const checked = url ? toHttpUrl(url) : null;
  if (checked !== null) return checked;
  throw new UsageError(
    'inspect-no-url',
    `url is ${url ?? 'missing'}; allowed: the http(s) address of the page`,
  );
}

/** In a person's words why a fetch brought nothing. */
function reasonOf(outcome: Exclude<FetchOutcome, Fetched>): string {
  switch (outcome.kind) {
    case 'failed':
    case 'blocked':
      return `${outcome.kind} (${outcome.reason}): ${outcome.detail}`;
    case 'rate-limited':
      return `rate-limited with status ${outcome.status}`;
    case 'gone':
      return `gone with status ${outcome.status}`;
    case 'moved':
      return `moved to ${outcome.to}, which another host serves: look there`;
    case 'not-modified':
      return 'not modified';
  }
}

/** Reads through the one door to the network, as a sync does, but only from the host that the person named. */
export function createInputReader(config: Config, { stdin, stderr }: CliDeps): InputReader {
  let fetcher: Fetcher | null = null;

  async function fetchInput(url: string, expect: FetchRequest['expect']): Promise<Input> {
    if (!URL.canParse(url)) throw new UsageError('inspect-no-url', `${url} is no URL`);
    const log = createLog({ ...config.log, write: (line) => stderr.write(line) }, { clock: systemClock });
    const { createFetcher } = await import('../fetch/fetcher.js');
    fetcher ??= createFetcher(fetchSettings(config), { clock: systemClock, log });
    const outcome = await fetcher.fetch({ url, expect, hosts: [new URL(url).hostname] });
    if (outcome.kind === 'fetched') {
      return { bytes: outcome.body, contentType: outcome.contentType, url: outcome.url };
    }
    throw new TamizdatError('inspect-not-fetched', `${url}: ${reasonOf(outcome)}`);
  }

  return {
    async read(source, expect) {
      if (source === '-') return { bytes: await readAll(stdin), contentType: null, url: null };
      if (isWebAddress(source)) return fetchInput(source, expect);
      return { bytes: readFile(source), contentType: null, url: null };
    },
    async close() {
      await fetcher?.close();
    },
  };
}
