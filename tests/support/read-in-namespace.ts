import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../fixtures/tls-ec/root.pem', import.meta.url));

export interface ReadInNamespace {
  status: number;
  bytes: number;
  /** False where the line went silent before the end. */
  whole: boolean;
}

/** What curl gets on a connection of its own from `https://<name><path>` at `address` ("host:port"), standing in a network namespace. A frozen line has no other end than `patienceS`. */
export async function readInNamespace(
  namespace: string,
  { name, address }: { name: string; address: string },
  path: string,
  patienceS = 30,
): Promise<ReadInNamespace> {
  const [host, port] = address.split(':');
  const { stdout } = await run('ip', [
    ...['netns', 'exec', namespace, 'curl', '-s', '-o', '/dev/null', '-H', 'Accept-Encoding: br'],
    ...['--cacert', ROOT, '--resolve', `${name}:${port}:${host}`, '--max-time', String(patienceS)],
    ...['-w', '%{http_code} %{size_download} %{exitcode}', `https://${name}:${port}${path}`],
    // curl ends with an error where the line froze; what it got by then it says all the same.
  ]).catch((error: { stdout: string }) => error);
  const [status = 0, bytes = 0, exit] = stdout.split(' ').map(Number);
  return { status, bytes, whole: exit === 0 };
}
