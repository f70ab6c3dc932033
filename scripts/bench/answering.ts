import { existsSync, readFileSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BenchHome } from './bench-home.js';
import { spread } from './load.js';
import { mainThread } from './process-figures.js';
import type { Serving } from './serving.js';

/** In milliseconds, a figure for each request. */
export interface Times {
  /** From asking to the last byte, by the reader's clock. */
  waited: number[];
  /** The same without the time that node or reader was ready to go on and something else had the processor. */
  undelayed: number[];
  /** Of it the node had the request in hand, by the node's clock: reading from the disk and waiting for a processor count. */
  answered: number[];
  /** Of it the node's main thread was on a processor, its part of the kernel's work for the connection included. */
  served: number[];
}

const OWN_TIMES = fileURLToPath(new URL('./own-times.mjs', import.meta.url));
const fileOf = (home: BenchHome) => join(home.folder, 'own-times.json');

/** What a node is started with for `timesOf` to work. */
export const timedEnv = (home: BenchHome): Record<string, string> => ({
  NODE_OPTIONS: `--import ${pathToFileURL(OWN_TIMES)}`,
  BENCH_OWN_TIMES: fileOf(home),
});

/** Asks for one page after another on one connection. */
export async function timesOf(home: BenchHome, node: Serving, paths: readonly string[]): Promise<Times> {
  await ownTimes(home, node);
  const reader = await openReader(node.origin);
  const times: Omit<Times, 'answered'> = { waited: [], undelayed: [], served: [] };
  const now = () => ({ at: performance.now(), node: mainThread(node.pid), reader: mainThread(process.pid) });
  for (const path of paths) {
    const before = now();
    await reader.read(path);
    const after = now();
    const waited = after.at - before.at;
    const delayed =
      after.node.delayedMs - before.node.delayedMs + after.reader.delayedMs - before.reader.delayedMs;
    times.waited.push(waited);
    times.undelayed.push(Math.max(0, waited - delayed));
    times.served.push(after.node.ranMs - before.node.ranMs);
  }
  reader.close();
  return { ...times, answered: await ownTimes(home, node) };
}

export const told = ({ waited, undelayed, answered, served }: Times): string =>
  [
    '',
    `by the reader's clock            ${spread(waited)}`,
    `less waiting for a processor     ${spread(undelayed)}`,
    `by the node's clock              ${spread(answered)}`,
    `its main thread on a processor   ${spread(served)}`,
  ].join('\n  ');

/**
 * A reader with one connection, which is open when it is given. It takes the bytes and looks at nothing but their number, so that
 * little of the waiting is its own.
 */
export async function openReader(
  origin: string,
): Promise<{ read(path: string): Promise<void>; close(): void }> {
  const { host, port, hostname } = new URL(origin);
  const socket = connect(Number(port), hostname);
  await new Promise((resolve) => socket.once('connect', resolve));
  return {
    read: async (path) => {
      const answer = wholeAnswer(socket);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nAccept-Encoding: br\r\n\r\n`);
      const head = await answer;
      if (!head.startsWith('HTTP/1.1 200 ')) throw new Error(`${path} was answered\n${head}`);
    },
    close: () => socket.destroy(),
  };
}

/** Resolves with the head of the next answer when all of it is there. */
function wholeAnswer(socket: Socket): Promise<string> {
  let head = '';
  let left = Number.POSITIVE_INFINITY;
  return new Promise((resolve, reject) => {
    const take = (bytes: Buffer): void => {
      if (head === '') {
        head = bytes.subarray(0, bytes.indexOf('\r\n\r\n') + 4).toString('latin1');
        left = head.length + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1]);
      }
      left -= bytes.length;
      if (left > 0) return;
      socket.off('data', take).off('close', broken);
      resolve(head);
    };
    const broken = () => reject(new Error('the connection was closed'));
    socket.on('data', take).once('close', broken);
  });
}

/** The node's own times since they were last asked for. */
async function ownTimes(home: BenchHome, { pid }: Serving): Promise<number[]> {
  rmSync(fileOf(home), { force: true });
  process.kill(pid, 'SIGUSR2');
  while (!existsSync(fileOf(home))) await new Promise((resolve) => setTimeout(resolve, 10));
  return JSON.parse(readFileSync(fileOf(home), 'utf8')) as number[];
}
