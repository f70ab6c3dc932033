/** A host name or address with an optional port, as a well-behaved client sends it. */
const HOST = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** An onion service of version 3 proves its name by its key: nobody else answers under it. */
const ONION = /^[a-z2-7]{56}\.onion(?::\d{1,5})?$/;

export const isOnion = (host: string | undefined): boolean =>
  host !== undefined && ONION.test(host.toLowerCase());

export interface BaseUrlConfig {
  /** Every address this mirror has, best first. */
  urls: readonly string[];
  edge: 'direct' | 'proxied';
  tls: boolean;
}

export type BaseUrl = (
  host: string | undefined,
  forwardedProto: string | undefined,
  folder: string,
) => string | null;

/**
 * The address that absolute links in this answer begin with, without a slash at the end: the configured one that the reader used,
 * else the onion address that the reader used, else the first configured, else what the request says; each with the folder the
 * reader came through. Null for a malformed Host where nothing is configured.
 */
export function createBaseUrl(config: BaseUrlConfig): BaseUrl {
  const known = config.urls.map((text) => {
    const url = new URL(text);
    return { host: url.host, origin: url.origin, folder: url.pathname.replace(/\/?$/, '/') };
  });
  const find: BaseUrl = (host, forwardedProto, folder) => {
    const name = host?.toLowerCase();
    const [first] = known;
    const isNewOnion = isOnion(name) && known.every((url) => url.host !== name);
    if (first !== undefined && !isNewOnion) {
      // One secret path must not name another: an address with a folder counts only for those who came through it.
      const ofHost = known.filter((url) => url.host === name);
      const url = ofHost.find((candidate) => candidate.folder === folder) ?? ofHost[0] ?? first;
      const shown = folder === '/' ? url.folder : folder;
      return url.origin + shown.slice(0, -1);
    }
    if (name === undefined || !HOST.test(name)) return null;
    const secure = config.tls || (config.edge === 'proxied' && forwardedProto === 'https');
    return `${secure ? 'https' : 'http'}://${name}${folder.slice(0, -1)}`;
  };
  // One mirror's readers send one Host, again and again.
  let last: { host: string | undefined; proto: string | undefined; folder: string; base: string | null } = {
    host: undefined,
    proto: undefined,
    folder: '/',
    base: find(undefined, undefined, '/'),
  };
  return (host, proto, folder) => {
    if (last.host !== host || last.proto !== proto || last.folder !== folder)
      last = { host, proto, folder, base: find(host, proto, folder) };
    return last.base;
  };
}

/** The onion address of this mirror that a page names to those who came by the open net (`Onion-Location`); null where there is none. */
export type OnionLocation = (host: string | undefined, folder: string, path: string) => string | null;

export function createOnionLocation(urls: readonly string[]): OnionLocation {
  const onion = urls.map((url) => new URL(url)).find((url) => isOnion(url.host));
  if (onion === undefined) return () => null;
  return (host, folder, path) => {
    if (isOnion(host)) return null;
    const shown = folder === '/' ? onion.pathname.replace(/\/?$/, '/') : folder;
    return onion.origin + shown.slice(0, -1) + path;
  };
}
