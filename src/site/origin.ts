import { type HttpUrl, toHttpUrl } from '../domain/http-url.js';

/**
 * Stands for the node's own address in documents that need absolute links, until a carrier puts its address there. As long and as
 * hard to compress as an onion address, so that what fits the line with it fits with any.
 */
export const ORIGIN = 'http://k7q2zv5mxw3hjd6r4tnyb2cgs7lfu5pea6oi3kqz7xv2mwh4jr5dtyq.invalid';

/** The same without a scheme, for lists that name hosts alone. */
const ORIGIN_HOST = ORIGIN.replace(/^http:\/\//, '');

/** Host and path without a scheme, with the stand-in for the host. */
export const hostAddress = (path: string): string => ORIGIN_HOST + path;

/** The absolute address of a path, with the stand-in for the origin. */
export function absoluteUrl(path: string): HttpUrl {
  const url = toHttpUrl(ORIGIN + path);
  if (url === null) throw new Error(`not a path of the tree: ${path}`);
  return url;
}

/** Puts `base` (`https://host` or `https://host/secret`, no slash at the end) in place of the stand-in. */
export function withOrigin(text: string, base: string): string {
  return text.replaceAll(ORIGIN, base).replaceAll(ORIGIN_HOST, base.replace(/^https?:\/\//, ''));
}
