import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { podman, type Stack, until } from './stack.js';

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
 * A certificate authority under Let's Encrypt's name, in this network alone: Caddy's own, which speaks the same protocol (RFC 8555)
 * and looks whether who asks holds the name. `trusted`: flags for a container that trusts it.
 */
export async function startAuthority(stack: Stack) {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-authority-'));
  const [key, certificate] = [join(folder, 'root.key'), join(folder, 'root.crt')];
  const made = spawnSync('openssl', [
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'],
    ...['-subj', '/CN=Test root', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'],
    ...['-keyout', key, '-out', certificate],
  ]);
  if (made.status !== 0) throw new Error(`openssl: ${made.stderr}`);
  writeFileSync(join(folder, 'Caddyfile'), CADDYFILE);
  const mounted = ['--volume', `${folder}:/authority:ro`];
  const container = stack.run('authority', ['--network-alias', LETS_ENCRYPT, ...mounted], 'caddy:2-alpine', [
    'caddy',
    'run',
    '--config',
    '/authority/Caddyfile',
    '--adapter',
    'caddyfile',
  ]);
  await until('the authority', async () =>
    stack.said(container).includes('certificate obtained successfully') ? container : null,
  );
  return {
    root: readFileSync(certificate),
    trusted: [...mounted, '--env', 'SSL_CERT_FILE=/authority/root.crt'],
    remove: () => {
      podman('rm', '--force', '--time', '0', container);
      rmSync(folder, { recursive: true });
    },
  };
}
