import { addressOf } from '../sign/trust-string.js';
import type { Store } from '../store/store.js';

/**
 * Where a mirror that readers open under `url` holds a repository's tree: every node has each of its trees under its name. Null for
 * an address that nothing can be fetched from.
 */
export function peerAt(url: string, repository: string): string | null {
  const base = addressOf(url);
  return base?.startsWith('http') === true ? `${base}signed/${repository}/` : null;
}

/** Makes the private addresses of cards that are still good into peers, and drops those of cards that are not. */
export function takeCardPeers(store: Store, at: number): void {
  const cards = store.mirrors.cards(at);
  for (const { id, repository } of store.replicas.all()) {
    if (repository === null) continue;
    const wanted = cards
      .filter((card) => card.repository === repository)
      .flatMap(({ urls }) => urls.flatMap((url) => peerAt(url, repository) ?? []));
    const known = store.replicaPeers.of(id);
    for (const { origin, address } of known)
      if (origin === 'card' && !wanted.includes(address)) store.replicaPeers.drop(id, address);
    for (const address of wanted) store.replicaPeers.add(id, address, 'card');
  }
}
