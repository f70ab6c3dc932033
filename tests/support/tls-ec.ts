import { readFileSync } from 'node:fs';

const folder = new URL('../fixtures/tls-ec/', import.meta.url);

/** An ECDSA chain for mirror-a.test, mirror-b.test, localhost and 127.0.0.1, and the root a client must trust. */
export const tlsEc = {
  key: readFileSync(new URL('server.key', folder)),
  chain: readFileSync(new URL('chain.pem', folder)),
  root: readFileSync(new URL('root.pem', folder)),
};
