/** A host name or address with an optional port, as a well-behaved client sends it. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

export interface BaseUrlConfig {
  /** Every address this mirror has, best first. */
  urls: readonly string[];
  edge: 'direct' | 'proxied';
  tls: boolean;
  basePath: string;
}

/**
 * The address that absolute links in this answer begin with, without a slash at the end: the configured one that the reader used,
 * else the first configured, else what the request says. Null for a malformed Host where nothing is configured.
 */
export function createBaseUrl(
  config: BaseUrlConfig,
): (host: string | undefined, forwardedProto: string | undefined) => string | null {
  const known = config.urls.map((url) => ({ host: new URL(url).host, base: url.replace(/\/$/, '') }));
  const folder = config.basePath.replace(/\/$/, '');
  return (host, forwardedProto) => {
    const [first] = known;
    if (first !== undefined) return (known.find((url) => url.host === host?.toLowerCase()) ?? first).base;
    if (host === undefined || !HOST.test(host)) return null;
    const secure = config.tls || (config.edge === 'proxied' && forwardedProto === 'https');
    return `${secure ? 'https' : 'http'}://${host.toLowerCase()}${folder}`;
  };
}
