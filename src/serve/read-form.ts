import type { IncomingMessage } from 'node:http';

export type Form =
  | { kind: 'form'; fields: URLSearchParams }
  | { kind: 'too-large' }
  | { kind: 'bad-request' };

/** What a form of ours sends (`application/x-www-form-urlencoded`), in at most `maxBytes`. Slow senders are the server's time-out's. */
export async function readForm(incoming: IncomingMessage, maxBytes: number): Promise<Form> {
  const type = incoming.headers['content-type'] ?? '';
  if (!/^application\/x-www-form-urlencoded\s*(?:;|$)/i.test(type)) return { kind: 'bad-request' };
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) return { kind: 'too-large' };
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of incoming as AsyncIterable<Buffer>) {
      size += part.length;
      if (size > maxBytes) return { kind: 'too-large' };
      parts.push(part);
    }
  } catch {
    return { kind: 'bad-request' };
  }
  return { kind: 'form', fields: new URLSearchParams(Buffer.concat(parts).toString('utf8')) };
}
