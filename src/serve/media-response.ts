import type { IncomingMessage } from 'node:http';
import type { Store } from '../store/store.js';

const MEDIA = /^\/media\/([0-9a-f]{64})\.[a-z]{3,4}$/;

/** Pictures, named by their hash: they never change, and may be kept for ever. Null where the path is no picture of ours. */
export function createMediaResponse(
  store: Store,
  common: Readonly<Record<string, string>>,
  cacheControl: string,
): (path: string, incoming: IncomingMessage) => Response | null {
  return (path, incoming) => {
    const name = path.startsWith('/media/') ? MEDIA.exec(path)?.[1] : undefined;
    const picture = name === undefined ? null : store.media.get(Buffer.from(name, 'hex'));
    if (name === undefined || picture === null) return null;
    const etag = `"${name.slice(0, 16)}"`;
    const headers = {
      ...common,
      ETag: etag,
      'Cache-Control': cacheControl === 'no-store' ? cacheControl : 'public, max-age=31536000, immutable',
      'Last-Modified': new Date(picture.storedAt).toUTCString(),
    };
    if (incoming.headers['if-none-match']?.includes(etag))
      return new Response(null, { status: 304, headers });
    return new Response(incoming.method === 'HEAD' ? null : new Uint8Array(picture.bytes), {
      headers: {
        ...headers,
        'Content-Type': picture.type,
        'Content-Length': String(picture.bytes.length),
        'Content-Security-Policy': "default-src 'none';sandbox",
      },
    });
  };
}
