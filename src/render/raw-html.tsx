import { raw } from 'hono/html';
import type { SafeHtml } from '../domain/safe-html.js';

/** The only place where HTML goes into a page unescaped; it takes nothing but what has passed the allow-list. */
export function RawHtml({ html }: { html: SafeHtml }) {
  return raw(html);
}
