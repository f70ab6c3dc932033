import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding } from '../../src/keeper/doctor/finding.js';
import { makeAuthority, ROOT } from './authority.js';
import { createStack, pageOf, podman, type Stack, until } from './stack.js';
import { askTls } from './tls-page.js';

const DOMAIN = 'mirror.example.org';
const ARTICLE = '/demo-courier/a1102/';
const FEED = '/demo-courier/rss.xml';
const MARK = 'canaryq7x9';

describe('the image, as compose.yaml runs it', () => {
  const authority = makeAuthority();
  let stack: Stack;
  beforeAll(async () => {
    stack = createStack({
      DOMAIN,
      TAMIZDAT_ADMIN_LISTEN: '0.0.0.0:8081',
      TAMIZDAT_PUBLISHERS: 'global-voices',
    });
    const tamizdat = { command: ['serve', '--demo'], volumes: authority.shown };
    stack.up({ tamizdat, authority: authority.service });
    await pageOf('/');
  });
  afterAll(() => {
    stack?.down();
    authority.remove();
  });

  it.each([8080, 8081])('answers on this machine and nowhere else: %i', async (port) => {
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(port === 8080 ? 200 : 401);
    await expect(fetch(`http://${stack.gateway()}:${port}/`)).rejects.toThrow();
  });

  it('shows the keeper’s page to whoever has the password of its volume', async () => {
    const secrets = stack.exec('tamizdat', 'cat', '/data/demo/secrets.yaml');
    const token = /token: (\S+)/.exec(secrets)?.[1];
    const authorization = `Basic ${Buffer.from(`keeper:${token}`).toString('base64')}`;
    const page = await fetch('http://127.0.0.1:8081/', { headers: { authorization } });
    expect(page.status).toBe(200);
    expect(await page.text()).toMatch(/<h2[^>]*>Publishers and their sources/);
  });

  it('has no privilege, no core dump, and nothing to write to but its volume', () => {
    const seen = stack.exec(
      ...['tamizdat', 'sh', '-c'],
      'id -u; touch /app/x 2>&1; touch /data/x && rm /data/x; grep -E "Cap|NoNew" /proc/1/status; grep core /proc/1/limits',
    );
    expect(seen).toMatch(/^1000\n/);
    expect(seen).toContain("cannot touch '/app/x': Read-only file system");
    expect(seen).not.toContain('/data/x');
    expect(seen.match(/Cap\w+:\s+0{16}$/gm)).toHaveLength(5);
    expect(seen).toMatch(/NoNewPrivs:\s+1/);
    expect(seen).toMatch(/Max core file size\s+0\s+0/);
    const given = JSON.parse(podman('inspect', stack.container('tamizdat')))[0].HostConfig;
    expect([given.Memory, given.PidsLimit, given.RestartPolicy.Name]).toEqual([
      256 * 1024 ** 2,
      128,
      'unless-stopped',
    ]);
  });

  it('says that it is healthy', () => {
    // Throws where it is not.
    podman('healthcheck', 'run', stack.container('tamizdat'));
  });

  describe('with the profile edge and DOMAIN alone', () => {
    beforeAll(async () => {
      const trusting = { environment: { SSL_CERT_FILE: ROOT }, volumes: authority.shown };
      // "Point the name at this machine first."
      const edge = { ...trusting, networks: { default: { aliases: [DOMAIN] } } };
      await until('the authority', async () => /certificate obtained/.exec(stack.said('authority')));
      stack.up({ edge }, ['edge']);
      await until('a certificate', async () => (await askTls(DOMAIN, '/', authority.root)).status);
      await until('the article in the feed', async () =>
        (await pageOf(FEED)).includes(ARTICLE) ? FEED : null,
      );
    });

    it.each(['/', ARTICLE, FEED])(
      'gets a certificate by itself and carries %s within the line, one answer a connection',
      async (path) => {
        const page = await askTls(DOMAIN, path, authority.root);
        expect(page).toMatchObject({
          status: 200,
          protocol: 'TLSv1.3',
          alpn: 'http/1.1',
          keyType: 'ec',
        });
        expect(page.head).toContain('connection: close');
        expect(page.head).not.toMatch(/caddy|tamizdat|alt-svc/);
        expect(page.headBytes).toBeLessThanOrEqual(700);
        expect(page.bodyBytes).toBeGreaterThan(500);
        expect(page.bodyBytes).toBeLessThanOrEqual(8_192);
        expect(page.chainBytes).toBeLessThanOrEqual(3_312);
      },
    );

    it('is well by doctor’s word, in the node’s own container, which trusts whom it is told to', () => {
      const asked = `NODE_EXTRA_CA_CERTS=${ROOT} node dist/main.js doctor --home /data/demo --json || true`;
      const { findings } = JSON.parse(stack.exec('tamizdat', 'sh', '-c', asked));
      const seen = findings.filter(({ found }: Finding) => found.startsWith(`https://${DOMAIN}/`));
      expect(seen.map(({ check, level }: Finding) => `${check} ${level}`)).toEqual([
        'certificate ok',
        'page ok',
        'closing ok',
        'protocols ok',
      ]);
    });

    it('is the address that feeds name', async () => {
      expect(await pageOf(FEED)).toContain(`<link>https://${DOMAIN}${ARTICLE}</link>`);
    });

    it('leads from plain HTTP to HTTPS', async () => {
      const answer = await fetch('http://127.0.0.1:80/x/', { headers: { host: DOMAIN }, redirect: 'manual' });
      expect(answer.status).toBe(308);
    });

    it('leaves nothing of a reader in what containers say', async () => {
      await askTls(DOMAIN, `/${MARK}/?q=${MARK}`, authority.root);
      await askTls(DOMAIN, `/${MARK}/%00`, authority.root);
      for (const service of ['tamizdat', 'edge']) {
        const said = stack.said(service);
        expect(said.length).toBeGreaterThan(100);
        expect(said).not.toContain(MARK);
        // Where a reader comes from, here. The authority that looked at the name is another.
        expect(said).not.toMatch(new RegExp(`${stack.gateway()}(?!\\d)`));
      }
    });
  });
});
