import type { FetchOutcome } from '../domain/fetch-outcome.js';
import type { FetchRequest } from '../domain/fetcher.js';
import type { Answer } from './ask.js';
import { challengeInHeaders, challengeInPage, isHtml, isLoginPage, startOf } from './block-page.js';
import { blocked, failed } from './fetch-failure.js';
import type { FetchOptions } from './fetch-options.js';
import { freshForMs } from './freshness.js';
import type { RateLimits } from './rate-limits.js';
import { readBody, unpackFile } from './read-body.js';

/** Fewer bytes than this are no article, feed or picture: the smallest GIF has 35; an upstream was seen to send 11. */
const TINY_BYTES = 32;
/** A feed behind a stray tag or warning of the server's is for the parser to rescue. */
const FEED_ROOT = /<(rss|feed|rdf:RDF)\s[^>]{0,1000}>/;
/** How much of a refusal is read to see whose it is. */
const REFUSAL_BYTES = 65_536;

type Limits = Pick<FetchOptions, 'maxBytes' | 'maxDecompressedBytes' | 'freshness'>;

/** Turns the last answer of a fetch, which is no redirect, into its outcome. */
export async function conclude(
  answer: Answer,
  request: FetchRequest,
  options: Limits,
  memory: { limits: RateLimits; nowAt: number },
): Promise<FetchOutcome> {
  if (answer.status === 304) {
    // Without a validator of ours there is nothing it could stand for.
    if (!request.etag && !request.lastModified)
      throw failed('bad-status', `${answer.url.host} answers 304 to a plain request`, true);
    return { kind: 'not-modified', freshForMs: freshForMs(answer.header, memory.nowAt, options.freshness) };
  }
  if (answer.status >= 200 && answer.status < 300 && answer.status !== 206) {
    return concludeSuccess(answer, request, options, memory.nowAt);
  }
  return concludeRefusal(answer, memory.limits);
}

async function concludeSuccess(
  answer: Answer,
  request: FetchRequest,
  options: Limits,
  nowAt: number,
): Promise<FetchOutcome> {
  const { status, url } = answer;
  const challenge = challengeInHeaders(answer.header);
  if (challenge !== null) throw blocked('challenge-page', status, challenge);

  const { maxDecompressedBytes } = options;
  const limits = {
    maxBytes: options.maxBytes[request.expect],
    maxDecompressedBytes,
    whenOver: 'fail',
  } as const;
  const sent = await readBody(answer, limits);
  const body = request.expect === 'picture' ? sent : unpackFile(sent, url.host, maxDecompressedBytes);
  refuseBlockPage(body, answer, request);
  return {
    kind: 'fetched',
    url: url.href,
    status,
    contentType: answer.header('content-type'),
    etag: answer.header('etag'),
    lastModified: answer.header('last-modified'),
    body,
    fetchedAt: nowAt,
    servedAt: Date.parse(answer.header('date') ?? '') || null,
    freshForMs: freshForMs(answer.header, nowAt, options.freshness),
  };
}

/** Throws where the body is not what is due but something put in its place. */
function refuseBlockPage(body: Uint8Array, answer: Answer, request: FetchRequest): void {
  const { status, url } = answer;
  const text = startOf(body);
  if (body.length === 0 || text.trim() === '')
    throw blocked('empty-body', status, `${url.host} sends no body`);
  // `[]` is a whole answer of an API: the page after the last one.
  if (body.length < TINY_BYTES && !(request.expect === 'json' && /^\s*[[{]/.test(text))) {
    throw blocked('tiny-body', status, `${url.host} sends ${body.length} bytes`);
  }
  if (!isHtml(text) || (request.expect === 'feed' && FEED_ROOT.test(text))) return;
  const challenge = challengeInPage(text);
  if (challenge !== null) throw blocked('challenge-page', status, `${url.host}: ${challenge}`);
  if (request.expect !== 'page') {
    throw blocked('html-instead', status, `${url.host} sends a web page where a ${request.expect} is due`);
  }
  if (isLoginPage(text, new URL(request.url), url)) {
    throw blocked('challenge-page', status, `${url.host} asks to log in where an article is due`);
  }
}

/** The outcome of a status that is neither a success nor a redirect. Throws it as a `FetchFailure` where it is none. */
export async function concludeRefusal(answer: Answer, limits: RateLimits): Promise<FetchOutcome> {
  const { status, url } = answer;
  if (status === 404 || status === 410) {
    // A challenge must never pass for a removal. Headers alone: the page of a true 404 often sends the browser elsewhere.
    const inFront = challengeInHeaders(answer.header);
    if (inFront !== null) throw blocked('challenge-page', status, `${url.host}: ${inFront}`);
    return { kind: 'gone', status };
  }
  if (status === 407) throw failed('proxy', 'the proxy wants a user name and password', false);

  const isFinal = status === 401 || status === 451;
  const limited = isFinal ? null : limits.remember(url, status, answer.header('retry-after'));
  const challenge = await challengeBehind(answer);
  if (challenge !== null) throw blocked('challenge-page', status, `${url.host}: ${challenge}`);
  if (limited !== null) return limited;

  if (status === 401) throw blocked('status-401', status, `${url.host} asks for an account`);
  if (status === 403) throw blocked('status-403', status, `${url.host} refuses`);
  if (status === 451) throw blocked('status-451', status, `${url.host} says it may not by law (RFC 7725)`);
  if (status >= 500) throw failed('server-error', `${url.host} answers ${status}`);
  throw failed('bad-status', `${url.host} answers ${status}`, status === 408 || status === 425);
}

async function challengeBehind(answer: Answer): Promise<string | null> {
  const inHeaders = challengeInHeaders(answer.header);
  if (inHeaders !== null) return inHeaders;
  const body = await readBody(answer, {
    maxBytes: REFUSAL_BYTES,
    maxDecompressedBytes: REFUSAL_BYTES,
    whenOver: 'cut',
  }).catch(() => Buffer.alloc(0));
  const text = startOf(body);
  return isHtml(text) ? challengeInPage(text) : null;
}
