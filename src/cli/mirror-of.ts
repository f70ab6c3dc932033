import type { Config } from '../config/config.js';
import { UsageError } from '../domain/errors.js';
import type { Publisher } from '../domain/publisher.js';
import { mirroredPublishers, publishersOf } from './settings.js';

/** Settings as they are in force, and the publishers that they mirror. */
export interface Mirror {
  config: Config;
  publishers: Publisher[];
}

/**
 * The settings as they are in force in their home, and the publishers mirrored there. In a demo's home its newsroom is mirrored, and
 * nothing else is fetched from. @throws UsageError
 */
export async function mirrorOf(config: Config): Promise<Mirror> {
  // Loaded when used, so that a server starts without the demo.
  const { newsroomOfHome } = await import('../demo/newsroom-of-home.js');
  const demo = newsroomOfHome(config.home);
  if (demo === null) return { config, publishers: mirroredPublishers(config) };
  return {
    config: { ...config, fetch: { ...config.fetch, allow: [demo.pair], route: null } },
    publishers: demo.publishers,
  };
}

/** Everybody whom a node could mirror, by id, and the ids of those whom it asks itself. In a demo's home its newsroom comes first. @throws UsageError */
export async function knownPublishers(
  config: Config,
): Promise<{ known: Map<string, Publisher>; asked: readonly string[] }> {
  const { newsroomOfHome } = await import('../demo/newsroom-of-home.js');
  const { followsOnlyIn } = await import('../node.js');
  const demo = newsroomOfHome(config.home)?.publishers;
  const own = demo?.map((one) => [one.id, one] as const) ?? [];
  return {
    known: new Map([...own, ...publishersOf(config)]),
    asked: demo?.map(({ id }) => id) ?? (followsOnlyIn(config) ? [] : config.publishers),
  };
}

/** @throws UsageError for an id that this node does not mirror */
export function requireMirrored(id: string, mirrored: readonly Publisher[]): void {
  if (mirrored.some((publisher) => publisher.id === id)) return;
  throw new UsageError('unknown-publisher', `this node does not mirror "${id}"`, {
    hint: `It mirrors: ${mirrored.map((publisher) => publisher.id).join(', ')}. Add it under publishers: in the config, or with TAMIZDAT_PUBLISHERS.`,
  });
}
