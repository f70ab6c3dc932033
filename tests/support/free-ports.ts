import { createServer, type Server } from 'node:net';

/** Ports that nothing listens on at this moment, all different: for a program that cannot choose one itself and say which. */
export async function freePorts(count: number, address = '127.0.0.1'): Promise<number[]> {
  const probes = await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Server>((resolve) => {
          const probe = createServer().listen(0, address, () => resolve(probe));
        }),
    ),
  );
  const ports = probes.map((probe) => {
    const bound = probe.address();
    return bound !== null && typeof bound === 'object' ? bound.port : 0;
  });
  await Promise.all(probes.map((probe) => new Promise((resolve) => probe.close(resolve))));
  return ports;
}

export const freePort = async (): Promise<number> => (await freePorts(1))[0] ?? 0;
