import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
export const CERT = root('tests/fixtures/tls-ec/chain.pem');
export const KEY = root('tests/fixtures/tls-ec/server.key');

export interface Edge {
  port: number;
  /** All it has written so far, on both streams. */
  output(): string;
  stop(): Promise<void>;
}

/** Debian's Caddy with the file that we give to volunteers, in front of `upstream`. */
export async function startCaddy(caddy: string, upstream: number): Promise<Edge> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-caddy-'));
  const [port, httpPort] = [await freePort(), await freePort()];
  return started(
    spawn(caddy, ['run', '--config', root('docs/edge/Caddyfile')], {
      env: {
        HOME: folder,
        TAMIZDAT_DOMAIN: 'mirror-a.test, localhost',
        TAMIZDAT_UPSTREAM: `127.0.0.1:${upstream}`,
        TAMIZDAT_HTTPS_PORT: String(port),
        TAMIZDAT_HTTP_PORT: String(httpPort),
        TAMIZDAT_TLS_CERT: CERT,
        TAMIZDAT_TLS_KEY: KEY,
      },
    }),
    port,
    folder,
  );
}

/** Debian's nginx with the file that we give to volunteers, its names, ports and paths put in. */
export async function startNginxEdge(nginx: string, upstream: number): Promise<Edge> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-nginx-edge-'));
  const port = await freePort();
  const site = readFileSync(root('docs/edge/nginx.conf'), 'utf8')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace(/^.*listen \[::\]:443.*\n/m, '')
    .replace('news.example.org', 'mirror-a.test')
    .replace('/etc/ssl/tamizdat/chain.pem', CERT)
    .replace('/etc/ssl/tamizdat/key.pem', KEY)
    .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`);
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; master_process off; pid ${folder}/pid; events {}
http { client_body_temp_path ${folder}/1; proxy_temp_path ${folder}/2; fastcgi_temp_path ${folder}/3;
  uwsgi_temp_path ${folder}/4; scgi_temp_path ${folder}/5;\n${site}\n}`,
  );
  return started(
    spawn(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr']),
    port,
    folder,
  );
}

async function started(child: ChildProcess, port: number, folder: string): Promise<Edge> {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk;
    });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const edge: Edge = {
    port,
    output: () => output,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
  const until = Date.now() + 30_000;
  while (!(await listens(port))) {
    if (Date.now() > until || child.exitCode !== null) {
      await edge.stop();
      throw new Error(`the edge did not start:\n${output}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return edge;
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = address === null || typeof address === 'string' ? 0 : address.port;
      probe.close(() => resolve(port));
    });
  });
}
