import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort, freePorts } from './free-ports.js';

const shipped = (name: string): string => fileURLToPath(new URL(`../../docs/edge/${name}`, import.meta.url));
const fixture = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/tls-ec/${name}`, import.meta.url));

/** Whom the certificate of the fixtures is for. */
export const EDGE_NAME = 'mirror-a.test';

export interface Edge {
  /** HTTPS, on 127.0.0.1. */
  port: number;
  /** Everything that it writes lies here; what it says, in `said`. */
  folder: string;
  /** All it has said so far, on both streams. */
  output(): string;
  /** Ends it. Its folder stays, for who wants to look, until `remove`. */
  stop(): Promise<void>;
  remove(): void;
}

/** Debian's Caddy with the file that we give to volunteers, in front of the node at `upstream`. Resolves once it listens. */
export async function startCaddyEdge(caddy: string, upstream: number): Promise<Edge> {
  const folder = newFolder();
  const [port = 0, plain = 0] = await freePorts(2);
  return started(caddy, ['run', '--adapter', 'caddyfile', '--config', shipped('Caddyfile')], port, folder, {
    // newsboat finds its way to the second name only.
    TAMIZDAT_DOMAIN: `${EDGE_NAME}, localhost`,
    TAMIZDAT_UPSTREAM: `127.0.0.1:${upstream}`,
    TAMIZDAT_HTTP_PORT: String(plain),
    TAMIZDAT_HTTPS_PORT: String(port),
    TAMIZDAT_TLS_CERT: fixture('chain.pem'),
    TAMIZDAT_TLS_KEY: fixture('server.key'),
  });
}

/** Debian's nginx with the file that we give to volunteers, its names, ports and paths put in. Resolves once it listens. */
export async function startNginxEdge(nginx: string, upstream: number): Promise<Edge> {
  const folder = newFolder();
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
  return started(nginx, ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', 'stderr'], port, folder);
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-edge-'));
  // Started by root, nginx's worker is somebody else.
  chmodSync(folder, 0o755);
  return folder;
}

async function started(
  program: string,
  args: string[],
  port: number,
  folder: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Edge> {
  const said = join(folder, 'said');
  const handle = openSync(said, 'a');
  const child: ChildProcess = spawn(program, args, {
    stdio: ['ignore', handle, handle],
    env: { PATH: process.env.PATH, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder, ...env },
  });
  closeSync(handle);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const edge: Edge = {
    port,
    folder,
    output: () => readFileSync(said, 'utf8'),
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
  const until = Date.now() + 30_000;
  while (!(await listens(port))) {
    if (Date.now() > until || child.exitCode !== null) {
      await edge.stop();
      throw new Error(`the edge did not start:\n${edge.output()}`);
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
