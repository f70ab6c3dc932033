import { createServer } from 'node:net';

/**
 * Below what a system hands out by itself (Linux: from 32,768), so that no connection takes a port before its program has started.
 * Each worker has as many of its own.
 */
const [FIRST, PER_WORKER, MOST_WORKERS] = [10_000, 1_000, 20];
const first = FIRST + (Number(process.env.VITEST_POOL_ID ?? 0) % MOST_WORKERS) * PER_WORKER;
/** By chance, for the sake of another run beside this one. */
let next = Math.floor(Math.random() * PER_WORKER);

/** Ports that nothing listens on at this moment, all different: for a program that cannot choose one itself and say which. */
export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const ports: number[] = [];
  for (let tried = 0; ports.length < count; tried += 1) {
    if (tried === PER_WORKER) throw new Error(`no ${count} of the ports from ${first} on are free`);
    const port = first + (next % PER_WORKER);
    next += 1;
    if (await isFree(port, address)) ports.push(port);
  }
  return ports;
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0] ?? 0;

const isFree = (port: number, address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const probe = createServer()
      .once('error', () => resolve(false))
      .listen(port, address, () => probe.close(() => resolve(true)));
  });
