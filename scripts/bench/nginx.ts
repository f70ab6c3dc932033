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

/**
 * Debian's nginx, one worker, no log, `gzip_static` and `open_file_cache`, over files written from `answers`.
 * `keepAlive: false` closes after each answer, as the node does that faces readers.
 */
export async function startNginx(
  answers: readonly Captured[],
  port: number,
  options: { keepAlive: boolean },
): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-nginx-'));
  // Started by root, its worker is somebody else.
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'root'));
  for (const { name, gzip } of answers) {
    writeFileSync(join(folder, 'root', name), gunzipSync(gzip));
    writeFileSync(join(folder, 'root', `${name}.gz`), gzip);
  }
  writeFileSync(join(folder, 'nginx.conf'), configuration(folder, answers, port, options.keepAlive));
  const child = spawn(
    'nginx',
    ['-p', folder, '-c', join(folder, 'nginx.conf'), '-e', join(folder, 'error.log')],
    {
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  child.once('error', () => {});
  const urlOf = (name: string) => `http://127.0.0.1:${port}/${name}`;
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
  keepAlive: boolean,
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
    listen 127.0.0.1:${port} backlog=4096;
    root ${folder}/root;
${answers.map(location).join('\n')}
  }
}
`;
}
