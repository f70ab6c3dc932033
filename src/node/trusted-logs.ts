import { createHash } from 'node:crypto';
import type { Config } from '../config/config.js';
import type { TrustedLog } from '../site/mirror-pages.js';
import type { Store } from '../store/store.js';

/** The signed logs this node carries, its own first: what `/verify/` tells of. */
export function trustedLogs(config: Config, store: Store): TrustedLog[] {
  const desk = store.desk.get();
  const root = store.signedFiles.first('root');
  if (desk === null || root === null) return [];
  return [
    {
      name: config.site.name,
      repository: desk.repository,
      rootSha256: createHash('sha256').update(root.bytes).digest(),
      signer: config.desk.attest,
      primary: true,
    },
  ];
}
