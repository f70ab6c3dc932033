import { STYLE_CSP_SOURCE } from '../render/page.css.js';

export interface HeaderConfig {
  cacheControl: string;
  /** `direct`: this process faces readers and closes each connection, since a second page on one freezes. */
  edge: 'direct' | 'proxied';
  noindex: boolean;
}

/**
 * Pages load nothing: one style by its hash, pictures inside the document, forms to this site. `connect-src` gives a page without
 * scripts nothing; audits such as Lighthouse read robots.txt through it.
 */
const CSP = `default-src 'none';connect-src 'self';style-src ${STYLE_CSP_SOURCE};img-src data:;form-action 'self';base-uri 'none';frame-ancestors 'none'`;

/** Headers that every answer carries. Counted in the budget: a page's whole head stays under 700 B. */
export function commonHeaders(config: HeaderConfig): Record<string, string> {
  return {
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
    ...(config.noindex ? { 'X-Robots-Tag': 'noindex' } : {}),
    ...(config.edge === 'direct' ? { Connection: 'close' } : {}),
  };
}

export const htmlHeaders = (type: string): Record<string, string> =>
  type.startsWith('text/html') ? { 'Content-Security-Policy': CSP } : {};
