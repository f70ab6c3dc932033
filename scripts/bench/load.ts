import { spawn } from 'node:child_process';
import { cpuSeconds } from './process-figures.js';

const CONNECTIONS = 32;
const MOST_SILENT = 5;

export interface Load {
  url: string;
  headers: Readonly<Record<string, string>>;
  /** How much processor time the server is made to use, at least: a busy machine then only takes longer. */
  cpuSeconds: number;
}

/** Answers per second of the server's processor time under wrk (Debian). Throws where an answer was wrong or none came. */
export async function perCpuSecond(serverPid: number, load: Load): Promise<number> {
  const before = cpuSeconds(serverPid);
  let answers = 0;
  let used = 0;
  let silent = 0;
  while (used < load.cpuSeconds) {
    const more = await wrk(load);
    // On a busy machine 32 handshakes may take longer than a run.
    silent = more === 0 ? silent + 1 : 0;
    if (silent === MOST_SILENT) throw new Error(`${load.url}: no answer in ${MOST_SILENT} runs`);
    answers += more;
    used = cpuSeconds(serverPid) - before;
  }
  return answers / used;
}

function wrk({ url, headers }: Load): Promise<number> {
  const args = ['-t', '1', '-c', String(CONNECTIONS), '-d', '1s', '--timeout', '10s'];
  for (const [name, value] of Object.entries(headers)) args.push('-H', `${name}: ${value}`);
  const child = spawn('wrk', [...args, url], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => {
      const answers = Number(/(\d+) requests in/.exec(output)?.[1] ?? 0);
      if (output.includes('Non-2xx') || output.includes('unable to connect'))
        reject(new Error(`${url}: wrk says\n${output}`));
      else resolve(answers);
    });
  });
}

export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

/** Middle and 99th hundredth of times in milliseconds, in words. */
export function spread(times: readonly number[]): string {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number) =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(2);
  return `median ${at(0.5)} ms, p99 ${at(0.99)} ms`;
}
