import type { Config } from '../config/config.js';
import type { Publisher } from '../domain/publisher.js';
import { mirroredPublishers } from './settings.js';

/**
 * The settings as they are in force in their home, and the publishers mirrored there. In a demo's home its newsroom is mirrored, and
 * nothing else is fetched from. @throws UsageError
 */
export async function mirrorOf(config: Config): Promise<{ config: Config; publishers: Publisher[] }> {
  // Loaded when used, so that a server starts without the demo.
  const { newsroomOfHome } = await import('../demo/newsroom-of-home.js');
  const demo = newsroomOfHome(config.home);
  if (demo === null) return { config, publishers: mirroredPublishers(config) };
  return {
    config: { ...config, fetch: { ...config.fetch, allow: [demo.pair], route: null } },
    publishers: demo.publishers,
  };
}
