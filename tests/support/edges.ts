import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const shipped = (name: string): string => fileURLToPath(new URL(`../../docs/edge/${name}`, import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));

/** Whom the certificate of the fixtures is for. */
export const EDGE_NAME = 'mirror-a.test';

export interface Edge {
  /** HTTPS, on 127.0.0.1. */
  port: number;
  stop(): Promise<void>;
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0));
    });
  });
}

/** Everything that an edge writes lies in `folder`; what it says, in `said` there. */
function start(
  program: string,
  args: string[],
  folder: string,
  env: Record<string, string> = {},
): ChildProcess {
  const said = openSync(join(folder, 'said'), 'a');
  const child = spawn(program, args, {
    stdio: ['ignore', said, said],
    env: { PATH: process.env.PATH, HOME: folder, ...env },
  });
  closeSync(said);
  return child;
}

const edgeOf = (child: ChildProcess, port: number): Edge => ({
  port,
  stop: () =>
    new Promise((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGTERM');
    }),
});

/** Debian's Caddy with the file we ship, in front of the node at `upstream`. */
export async function startCaddyEdge(caddy: string, folder: string, upstream: number): Promise<Edge> {
  mkdirSync(folder);
  const [port, plain] = [await freePort(), await freePort()];
  const env = {
    XDG_DATA_HOME: folder,
    XDG_CONFIG_HOME: folder,
    TAMIZDAT_DOMAIN: EDGE_NAME,
    TAMIZDAT_UPSTREAM: `127.0.0.1:${upstream}`,
    TAMIZDAT_HTTP_PORT: String(plain),
    TAMIZDAT_HTTPS_PORT: String(port),
    TAMIZDAT_TLS_CERT: fixture('chain.pem'),
    TAMIZDAT_TLS_KEY: fixture('server.key'),
  };
  const child = start(
    caddy,
    ['run', '--adapter', 'caddyfile', '--config', shipped('Caddyfile')],
    folder,
    env,
  );
  return edgeOf(child, port);
}

/** Debian's nginx with the file we ship, but for its addresses and the certificate's files. */
export async function startNginxEdge(nginx: string, folder: string, upstream: number): Promise<Edge> {
  mkdirSync(folder);
  // Started by root, its worker is somebody else.
  chmodSync(folder, 0o755);
  const port = await freePort();
  const site = readFileSync(shipped('nginx.conf'), 'utf8')
    .replace('listen 443 ssl;', `listen 127.0.0.1:${port} ssl;`)
    .replace(/\n *listen \[::\]:443[^\n]*/, '')
    .replace('127.0.0.1:8080', `127.0.0.1:${upstream}`)
    .replace('news.example.org', EDGE_NAME)
    .replace('/etc/ssl/tamizdat/chain.pem', fixture('chain.pem'))
    .replace('/etc/ssl/tamizdat/key.pem', fixture('server.key'));
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  writeFileSync(
    join(folder, 'nginx.conf'),
    `daemon off; worker_processes 1; pid ${folder}/pid; events { worker_connections 256; }
http { ${temporary.map((name) => `${name}_temp_path ${folder}/${name};`).join(' ')}
${site} }`,
  );
  const args = ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')];
  return edgeOf(start(nginx, args, folder), port);
}
