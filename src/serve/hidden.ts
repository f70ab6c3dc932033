import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type NginxStatus, nginxPage } from './nginx-page.js';
import { isPadded, keepsAlive, nginxVerdict, type RequestHead, takesGzip } from './nginx-verdict.js';
import type { Places } from './places.js';
import { readRawHead } from './raw-head.js';

function headOf(incoming: IncomingMessage): RequestHead {
  const { rawHeaders, method = '', url = '', httpVersion } = incoming;
  const headers: [string, string][] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2)
    headers.push([rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '']);
  return { method, target: url, version: httpVersion, headers };
}

const pageFor = (head: RequestHead, status: NginxStatus, at: number) =>
  nginxPage({
    status,
    keepAlive: keepsAlive(head, status),
    padded: isPadded(head),
    gzip: takesGzip(head),
    at,
  });

/** What a quiet mirror shows to whoever is outside its secret addresses: an idle nginx. */
export function createHidden(places: Places, now: () => number) {
  /** Sockets that had their last answer: what Node's parser says of them afterwards is nobody's business. */
  const done = new WeakSet<Socket>();

  return {
    /** The status it answered with; null where the request is well formed and leads into a folder of the mirror. */
    answer: (incoming: IncomingMessage, outgoing: ServerResponse): number | null => {
      const head = headOf(incoming);
      const verdict = nginxVerdict(head);
      if (verdict === 404 && places.locate(head.target) !== null) return null;
      if (!keepsAlive(head, verdict)) done.add(incoming.socket);
      answerLikeNginx(outgoing, head, verdict, now());
      return verdict;
    },

    /** Answers HTTP/0.9, whose one line Node's parser would wait behind. */
    watchFirstLine: (socket: Socket): void => {
      socket.once('data', (first: Buffer) => {
        if (readRawHead(first).kind !== 'simple') return;
        done.add(socket);
        socket.end(quietAnswer({ kind: 'broken', code: '', packet: first }, now()));
      });
    },

    /** An answer straight to the socket, for what never becomes a request: CONNECT, and whatever Node's parser refuses. */
    refused: (what: Refused, socket: Socket): void => {
      const timedOut = what.kind === 'broken' && what.code === 'ERR_HTTP_REQUEST_TIMEOUT';
      const lost = what.kind === 'broken' && what.code === 'ECONNRESET';
      const quiet = places.isQuiet();
      if (done.has(socket) && socket.writable) return;
      if (!socket.writable || lost || (quiet && timedOut)) {
        socket.destroy();
        return;
      }
      socket.end(quiet ? quietAnswer(what, now()) : plainAnswer(what, timedOut));
    },
  };
}

/** Nothing is here: what a reader inside gets for a wrong address too, since an own page would name the mirror. */
export function answerNothing(incoming: IncomingMessage, outgoing: ServerResponse, at: number): void {
  answerLikeNginx(outgoing, headOf(incoming), 404, at);
}

function answerLikeNginx(
  outgoing: ServerResponse,
  head: RequestHead,
  verdict: NginxStatus,
  at: number,
): void {
  const page = pageFor(head, verdict, at);
  outgoing.sendDate = false;
  const isHead = head.method === 'HEAD';
  // Without a body nginx says nothing of how it would have been sent.
  const fields = page.head.filter(([name]) => !(isHead && name === 'Transfer-Encoding'));
  outgoing.writeHead(page.status, page.reason, fields.flat());
  outgoing.end(isHead ? undefined : page.body);
}

type Refused =
  | { kind: 'request'; incoming: IncomingMessage }
  | { kind: 'broken'; code: string; packet: Buffer | undefined };

function plainAnswer(what: Refused, timedOut: boolean): string {
  const status =
    what.kind === 'request' ? '405 Method Not Allowed' : timedOut ? '408 Request Timeout' : '400 Bad Request';
  return `HTTP/1.1 ${status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`;
}

function quietAnswer(refused: Refused, at: number): Buffer {
  const nobody: RequestHead = { method: 'GET', target: '/', version: '1.1', headers: [] };
  if (refused.kind === 'request') {
    const head = headOf(refused.incoming);
    return onWire(pageFor(head, nginxVerdict(head), at), false);
  }
  const raw = readRawHead(refused.packet ?? Buffer.alloc(0));
  if (raw.kind === 'simple') return pageFor(nobody, 404, at).body;
  if (raw.kind === 'garbage') return onWire(pageFor(nobody, 400, at), false);
  const verdict =
    refused.kind === 'broken' && refused.code === 'HPE_HEADER_OVERFLOW'
      ? overflow(raw.head)
      : nginxVerdict(raw.head);
  return onWire(pageFor(raw.head, verdict, at), raw.head.method === 'HEAD');
}

/** Node's own limit was passed before nginx's would have been found. */
const overflow = (head: RequestHead): NginxStatus => {
  const verdict = nginxVerdict(head);
  return verdict === 404 ? 494 : verdict;
};

function onWire(page: ReturnType<typeof nginxPage>, isHead: boolean): Buffer {
  const head = page.head.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const chunked = page.head.some(([name]) => name === 'Transfer-Encoding');
  const body = chunked
    ? Buffer.concat([
        Buffer.from(`${page.body.length.toString(16)}\r\n`),
        page.body,
        Buffer.from('\r\n0\r\n\r\n'),
      ])
    : page.body;
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${page.status} ${page.reason}\r\n${head}\r\n`, 'latin1'),
    isHead ? Buffer.alloc(0) : body,
  ]);
}
