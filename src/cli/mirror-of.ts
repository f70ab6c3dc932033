import type { Config } from '../config/config.js';
import { UsageError } from '../domain/errors.js';
import type { Publisher } from '../domain/publisher.js';
import { mirroredPublishers, ofTheNode, publishersOf } from './settings.js';

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

interface KnownPublishers {
  /** Everybody who could be mirrored, by id; the demo's newsroom first where nothing else has run. */
  known: Map<string, Publisher>;
  /** The ids of those whom the node asks itself. */
  asked: readonly string[];
  /** The settings under which these publishers are fetched from. */
  settingsFor: (publishers: readonly Publisher[]) => Promise<Config>;
}

/** Whom the command's settings know. What the keeper describes stands in their home, not in the demo's. @throws UsageError */
export async function knownPublishers(config: Config): Promise<KnownPublishers> {
  const { newsroomOfHome } = await import('../demo/newsroom-of-home.js');
  const { followsOnlyIn } = await import('../node.js');
  const node = ofTheNode(config);
  const demo = newsroomOfHome(node.home)?.publishers ?? null;
  const own = demo?.map((one) => [one.id, one] as const) ?? [];
  return {
    known: new Map([...own, ...publishersOf(config)]),
    asked: demo?.map(({ id }) => id) ?? (followsOnlyIn(config) ? [] : config.publishers),
    settingsFor: async (publishers) =>
      publishers.some((one) => demo?.includes(one)) ? (await mirrorOf(node)).config : config,
  };
}

/** @throws UsageError for an id that this node does not mirror */
export function requireMirrored(id: string, mirrored: readonly Publisher[]): void {
  if (mirrored.some((publisher) => publisher.id === id)) return;
  throw new UsageError('unknown-publisher', `this node does not mirror "${id}"`, {
    hint: `It mirrors: ${mirrored.map((publisher) => publisher.id).join(', ')}. Add it under publishers: in the config, or with TAMIZDAT_PUBLISHERS.`,
  });
}
