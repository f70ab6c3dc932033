import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Agent, request } from 'undici';

/** For loopback: who answers there is known. */
export const anyCertificate = new Agent({ connect: { rejectUnauthorized: false } });

/** One answer, as the node gave it: nginx serves the same bytes under the same headers. */
export interface Captured {
  name: string;
  gzip: Buffer;
  headers: Readonly<Record<string, string>>;
}

export interface Nginx {
  pid: number;
  urlOf(name: string): string;
  stop(): Promise<void>;
}

/** Headers that nginx writes itself. */
const ITS_OWN = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'etag',
  'keep-alive',
  'last-modified',
  'transfer-encoding',
  'vary',
]);

export interface NginxOptions {
  keepAlive: boolean;
  /** Certificate and key, PEM files; then TLS 1.3 over X25519, and no session is resumed. */
  tls?: { cert: string; key: string } | null;
}

/**
 * Debian's nginx, one worker, no log, `gzip_static` and `open_file_cache`, over files written from `answers`.
 * `keepAlive: false` closes after each answer, as the node does that faces readers.
 */
export async function startNginx(
  answers: readonly Captured[],
  port: number,
  options: NginxOptions,
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-nginx-'));
  // Started by root, its worker is somebody else.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'root'));
  for (const { name, gzip } of answers) {
    writeFileSync(join(folder, 'root', name), gunzipSync(gzip));
    writeFileSync(join(folder, 'root', `${name}.gz`), gzip);
  }
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, answers, port, options));
  const child = spawn(
    'nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', () => {});
  const urlOf = (name: string) => `http${options.tls ? 's' : ''}://127.0.0.1:${port}/${name}`;
  await untilAnswers(urlOf(answers[0]?.name ?? ''));
  return {
    pid: child.pid ?? 0,
    urlOf,
    stop: async () => {
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Resolves when something answers there. Throws after a minute. */
export async function untilAnswers(url: string): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    try {
      const { body } = await request(url, { dispatcher: anyCertificate });
      await body.dump();
      return;
    } catch (cause) {
      if (Date.now() > until) throw new Error(`nothing answers at ${url}`, { cause });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

function configuration(
  folder: string,
  answers: readonly Captured[],
  port: number,
  { keepAlive, tls }: NginxOptions,
): string {
  const location = ({ name, headers }: Captured) => `
    location = /${name} {
      default_type "${headers['content-type'] ?? 'text/html'}";
      types {}
${Object.entries(headers)
  .filter(([header]) => !ITS_OWN.has(header))
  .map(([header, value]) => `      add_header ${header} "${value.replaceAll('"', '\\"')}";`)
  .join('\n')}
    }`;
  return `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 4096; }
http {
  access_log off;
  server_tokens off;
  sendfile on;
  tcp_nopush on;
  gzip_static on;
  gzip_vary on;
  open_file_cache max=100 inactive=10m;
  open_file_cache_valid 10m;
  keepalive_requests 100000000;
  keepalive_timeout ${keepAlive ? 75 : 0};
  client_body_temp_path ${folder}/t1; proxy_temp_path ${folder}/t2; fastcgi_temp_path ${folder}/t3;
  uwsgi_temp_path ${folder}/t4; scgi_temp_path ${folder}/t5;
  server {
    listen 127.0.0.1:${port} ${tls ? 'ssl ' : ''}backlog=4096;
${tls ? TLS(tls) : ''}
    root ${folder}/root;
${answers.map(location).join('\n')}
  }
}
`;
}

const TLS = ({ cert, key }: { cert: string; key: string }): string => `
    ssl_certificate ${cert};
    ssl_certificate_key ${key};
    ssl_protocols TLSv1.3;
    ssl_ecdh_curve X25519;
    ssl_session_cache off;
    ssl_session_tickets off;`;
