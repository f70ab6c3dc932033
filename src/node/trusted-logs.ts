import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';
import { parseSiteDocument } from '../sign/site-document.js';
import type { TrustedLog } from '../site/mirror-pages.js';
import type { Store } from '../store/store.js';

/** The signed logs this node carries, its own first: what `/verify/` tells of. */
export const trustedLogs = (config: Config, store: Store): TrustedLog[] => [
  ...ownLog(config, store),
  ...followedLogs(store),
];

function ownLog(config: Config, store: Store): TrustedLog[] {
  const desk = store.desk.get();
  const root = store.signedFiles.first('root');
  if (desk === null || root === null) return [];
  const rootSha256 = createHash('sha256').update(root.bytes).digest();
  return [{ name: config.site.name, repository: desk.repository, rootSha256, signer: config.desk.attest }];
}

/** Those that a peer has proved. Each goes by the root that this node was told to trust. */
function followedLogs(store: Store): TrustedLog[] {
  return store.replicas.all().flatMap(({ id, pin, repository }) => {
    if (repository === null) return [];
    const file = store.replicas.file(id, 'target:site.json');
    const site = file === null ? null : parseSiteDocument(file.bytes);
    const signer = site?.attest === 'publisher' ? ('publisher' as const) : ('followed' as const);
    return [{ name: site?.name ?? repository, repository, rootSha256: pin, signer }];
  });
}
