import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Where a container that is shown the root of the authority finds it. */
export const ROOT = '/usr/local/share/test-root.crt';
/** Whom Caddy asks for a certificate when nothing else is said. */
const LETS_ENCRYPT = 'acme-v02.api.letsencrypt.org';

const CADDYFILE = `{
  admin off
  skip_install_trust
  pki {
    ca local {
      root {
        cert /authority/root.crt
        key /authority/root.key
      }
    }
  }
}
${LETS_ENCRYPT} {
  tls internal
  rewrite /directory /acme/local/directory
  acme_server
}
`;

/**
 * A certificate authority under Let's Encrypt's name, as one more service of the stack: Caddy's own, which speaks the same protocol (RFC 8555)
 * and looks whether who asks holds the name. `root`: what whoever is to trust it needs, mounted at ROOT by `trusted`.
 */
export function makeAuthority() {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-authority-'));
  const [key, certificate] = [join(folder, 'root.key'), join(folder, 'root.crt')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=Test root', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  writeFileSync(join(folder, 'Caddyfile'), CADDYFILE);
  return {
    service: {
      image: 'caddy:2-alpine',
      command: ['caddy', 'run', '--config', '/authority/Caddyfile', '--adapter', 'caddyfile'],
      networks: { default: { aliases: [LETS_ENCRYPT] } },
      volumes: [`${folder}:/authority:ro`],
    },
    root: readFileSync(certificate),
    /** Flags of a service that is shown the root, at `ROOT`. */
    shown: [`${certificate}:${ROOT}:ro`],
    remove: () => rmSync(folder, { recursive: true }),
  };
}
