import type { IncomingHttpHeaders } from 'node:http';
import type { HotPage, HotVariant } from './hot-page.js';

/** Whether the reader's copy is current (RFC 9110 section 13.2.2): If-None-Match decides where it is sent, else If-Modified-Since. */
export function isCurrent(
  page: HotPage,
  variant: HotVariant,
  headers: Pick<IncomingHttpHeaders, 'if-none-match' | 'if-modified-since'>,
): boolean {
  if (page.status !== 200) return false;
  const wanted = headers['if-none-match'];
  if (wanted !== undefined) return wanted === '*' || wanted.includes(page.etag);
  const since = headers['if-modified-since'];
  return since !== undefined && Date.parse(since) >= Date.parse(variant.bare['Last-Modified'] ?? '');
}
