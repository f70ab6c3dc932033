import { toHttpUrl } from '../domain/http-url.js';

const TRACKING_PREFIXES = ['utm_', 'at_', 'mtm_', 'pk_', 'hsa_', 'oly_', 'vero_', '_hs', 'ga_', 'stm_'];

const TRACKING_NAMES: ReadonlySet<string> = new Set([
  '__twitter_impression',
  '_ga',
  '_openstat',
  'dclid',
  'fb_action_ids',
  'fb_source',
  'fbclid',
  'gad_source',
  'gbraid',
  'gclid',
  'gclsrc',
  'igsh',
  'igshid',
  'mc_cid',
  'mc_eid',
  'mkt_tok',
  'msclkid',
  'ns_campaign',
  'ns_mchannel',
  'ref_src',
  'ref_url',
  's_cid',
  'smid',
  'spm',
  'srsltid',
  'ttclid',
  'twclid',
  'wbraid',
  'wt_mc',
  'xtor',
  'yclid',
  'ysclid',
]);

/** Whether a query parameter only says how somebody came here. */
function isTracking(parameter: string): boolean {
  const name = (parameter.split('=', 1)[0] ?? '').toLowerCase();
  return TRACKING_NAMES.has(name) || TRACKING_PREFIXES.some((prefix) => name.startsWith(prefix));
}

/** The URL without tracking parameters; every other parameter stays byte for byte, in its order. */
export function withoutTracking(url: string): string {
  const [, address = '', query = '', fragment = ''] = /^([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(url) ?? [];
  if (query === '') return url;
  const kept = query
    .slice(1)
    .split('&')
    .filter((parameter) => parameter !== '' && !isTracking(parameter));
  return `${address}${kept.length === 0 ? '' : `?${kept.join('&')}`}${fragment}`;
}

const MAILTO = /^mailto:([^?\s"<>@]{1,64}@[^?\s"<>@]{1,189})/i;

/** A link's target as the mirror may show it: http, https or a bare mailto address; null for anything else. */
export function cleanLink(href: string, baseUrl: string): string | null {
  const value = href.trim();
  if (value === '' || value.startsWith('#')) return null;
  const mail = MAILTO.exec(value)?.[1];
  if (mail !== undefined) return `mailto:${mail}`;
  const url = toHttpUrl(value, baseUrl);
  return url === null ? null : withoutTracking(url);
}
