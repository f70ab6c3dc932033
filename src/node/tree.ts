import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config/config.js';
import { VERSION } from '../config/fetch-settings.js';
import { readSecretPaths } from '../config/secret-paths.js';
import { TamizdatError } from '../domain/errors.js';
import { readGallery } from '../sanitize/read-gallery.js';
import { safeBlocks } from '../sanitize/safe-text.js';
import { splitBlock } from '../sanitize/split-block.js';
import { createSite } from '../site/site.js';
import type { SiteConfig } from '../site/site-config.js';
import { openStore } from '../store/store.js';
import { indexText } from '../store/tokenizer.js';
import { trustedLogs } from './trusted-logs.js';

export const databaseFile = (config: Config): string => join(config.home, 'tamizdat.sqlite');

export const siteConfig = (config: Config): SiteConfig => ({
  name: config.site.name,
  keeper: config.site.keeper,
  contact: config.site.contact,
  language: config.site.language,
  noindex: config.site.noindex,
  titleNamesPublisher: config.site.titleNamesPublisher,
  canonical: config.site.canonical,
  bodyBytes: config.line.bodyBytes,
  brotliQuality: config.site.brotliQuality,
  version: VERSION,
  source: config.site.source,
  privateAddress:
    config.site.basePath !== '/' ||
    readSecretPaths(config.home).quiet ||
    config.site.urls.some((url) => new URL(url).hostname.endsWith('.onion')),
  pictures: config.pictures.mode === 'full',
});

const splitter = { blocks: safeBlocks, halves: splitBlock, gallery: readGallery };

/**
 * The store as every room of this process sees it, and the map over it. Throws what `openDatabase` throws, and `no-node-yet` where
 * there is nothing to read.
 */
export function openTree(config: Config, readOnly: boolean) {
  if (readOnly && !existsSync(databaseFile(config)))
    throw new TamizdatError('no-node-yet', `no node has run in ${config.home}: there is no database`, {
      hint: 'Start one with `tamizdat serve`, or `tamizdat join` to follow another, or name its folder with --home or TAMIZDAT_HOME.',
    });
  const store = openStore(databaseFile(config), { readOnly, tokenizer: { indexText } });
  const site = createSite(siteConfig(config), { store, splitter, logs: () => trustedLogs(config, store) });
  return { store, site };
}
