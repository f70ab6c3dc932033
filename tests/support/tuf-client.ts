import { EndlessData } from '../../src/sign/verify/refusals.js';
import { createTufClient } from '../../src/sign/verify/tuf-client.js';
import { createTufRepository, type TufRepository } from './tuf-repository.js';

export const NOW = Date.UTC(2026, 10, 26);

/** A client over a repository in memory, with what it keeps and what it asked for in view. */
export function clientOf(repository: TufRepository, kept = new Map<string, Uint8Array>(), now = NOW) {
  const asked: string[] = [];
  if (!kept.has('root')) kept.set('root', repository.files.get('1.root.json') ?? Buffer.alloc(0));
  const client = createTufClient({
    now,
    fetch: async (path, maxBytes) => {
      asked.push(path);
      const bytes = repository.files.get(path) ?? null;
      if (bytes !== null && bytes.length > maxBytes) throw new EndlessData(path, maxBytes);
      return bytes;
    },
    load: (role) => kept.get(role) ?? null,
    save: (role, bytes) => void kept.set(role, bytes),
  });
  const versionOf = (role: string): number | null => {
    const bytes = kept.get(role);
    return bytes === undefined ? null : JSON.parse(Buffer.from(bytes).toString()).signed.version;
  };
  return { ...client, kept, asked, versionOf };
}

export function repositoryOf(scheme?: Parameters<typeof createTufRepository>[1]): TufRepository {
  const repository = createTufRepository(NOW, scheme);
  repository.publishRoot();
  repository.publish();
  return repository;
}

/** The same client another time. */
export const again = (repository: TufRepository, client: ReturnType<typeof clientOf>, now = NOW) =>
  clientOf(repository, client.kept, now);
