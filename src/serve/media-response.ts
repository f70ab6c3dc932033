import type { IncomingMessage } from 'node:http';
import type { Store } from '../store/store.js';

const MEDIA = /^\/media\/([0-9a-f]{64})\.[a-z]{3,4}$/;

export interface MediaConfig {
  common: Readonly<Record<string, string>>;
  cacheControlOf: (path: string) => string;
  /** Larger pictures rest while the node is thrifty. */
  lightBytes: number;
}

/**
 * Pictures, named by their hash: they never change, and may be kept for ever. Null where the path is no picture of ours, `too-heavy`
 * where only light ones are sent and this is none.
 */
export function createMediaResponse(
  store: Store,
  { common, cacheControlOf, lightBytes }: MediaConfig,
): (path: string, incoming: IncomingMessage, onlyLight: boolean) => Response | 'too-heavy' | null {
  return (path, incoming, onlyLight) => {
    const name = path.startsWith('/media/') ? MEDIA.exec(path)?.[1] : undefined;
    const picture = name === undefined ? null : store.media.get(Buffer.from(name, 'hex'));
    if (name === undefined || picture === null) return null;
    const etag = `"${name.slice(0, 16)}"`;
    const headers = {
      ...common,
      ETag: etag,
      'Cache-Control':
        cacheControlOf(path) === 'no-store' ? 'no-store' : 'public, max-age=31536000, immutable',
      'Last-Modified': new Date(picture.storedAt).toUTCString(),
    };
    if (incoming.headers['if-none-match']?.includes(etag))
      return new Response(null, { status: 304, headers });
    if (onlyLight && picture.bytes.length > lightBytes) return 'too-heavy';
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
