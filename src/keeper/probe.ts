import { get } from 'node:http';
import { isIP } from 'node:net';
import { announcedAddresses, type RunningAddresses } from './running-file.js';

const PATIENCE_MS = 1_500;

/** Where this machine reaches an address that a process listens on: `0.0.0.0` stands for every one of its own. */
export const reachableHost = (host: string): string =>
  host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;

export const hostPort = ({ host, port }: { host: string; port: number }): string =>
  `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;

/** Whether a node answers on its keeper's address. Never rejects: no answer in 1.5 s is none. */
function isServing(address: { host: string; port: number }): Promise<boolean> {
  return new Promise((resolve) => {
    const host = reachableHost(address.host);
    const asked = get({ host, port: address.port, path: '/healthz', timeout: PATIENCE_MS, agent: false });
    const settle = (answer: boolean): void => {
      asked.destroy();
      resolve(answer);
    };
    asked.once('response', (response) => settle(response.statusCode === 200));
    asked.once('timeout', () => settle(false));
    asked.once('error', () => settle(false));
  });
}

/** The addresses of the node that runs on this home; null where none answers there. */
export async function runningNode(home: string): Promise<RunningAddresses | null> {
  const addresses = announcedAddresses(home);
  return addresses !== null && (await isServing(addresses.keeper)) ? addresses : null;
}
