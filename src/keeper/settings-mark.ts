import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';

/** Stands for the settings that the tree depends on: two processes that write into one home must have the same. */
export const settingsMark = (config: Config, publisherIds: readonly string[]): string =>
  createHash('sha256')
    .update(
      JSON.stringify([publisherIds, config.join, config.site, config.pictures.mode, config.line.bodyBytes]),
    )
    .digest('base64url');
