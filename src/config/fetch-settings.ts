import { readFileSync } from 'node:fs';
import type { Config } from './config.js';

const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** Version of this program, from package.json. */
export const VERSION: string =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : '0';

/** Names the project and, where the keeper gave one, a contact: `Tamizdat/0.1.0 (+https://mirror.example/about/)`. */
function userAgent({ fetch, site }: Pick<Config, 'fetch' | 'site'>): string {
  const contact = fetch.userAgentContact ?? site.contact;
  return contact === null ? `Tamizdat/${VERSION}` : `Tamizdat/${VERSION} (+${contact})`;
}

/** The fetcher's options as the configuration has them. */
export function fetchSettings(config: Config) {
  const { fetch } = config;
  return {
    userAgent: userAgent(config),
    allow: fetch.allow,
    timeoutMs: fetch.timeoutMs,
    maxBytes: {
      feed: fetch.maxFeedBytes,
      json: fetch.maxFeedBytes,
      page: fetch.maxPageBytes,
      picture: fetch.maxPictureBytes,
    },
    maxDecompressedBytes: fetch.maxDecompressedBytes,
    maxRedirects: fetch.maxRedirects,
    politenessMs: fetch.politenessMs,
    route: fetch.route === null ? null : { proxy: fetch.route },
    robots: fetch.respectRobots,
  };
}
