import type { BenchHome } from './bench-home.js';
import { freePort, untilEnded } from './bench-home.js';
import { untilAnswers } from './nginx.js';
import { hasChildren, ownCpuSeconds } from './process-figures.js';

export interface Serving {
  pid: number;
  origin: string;
  /** From the start of the program to its first answer. */
  startedInMs: number;
  /** Of the processor, until then: what a busy machine does not change. */
  startedCpuMs: number;
  stop(): Promise<void>;
}

/** Starts the program on that home, and waits until it serves `path` and its first pass is over. */
export async function serve(
  home: BenchHome,
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<Serving> {
  const [listen, admin] = [`127.0.0.1:${await freePort()}`, `127.0.0.1:${await freePort()}`];
  const scheme = env.TAMIZDAT_TLS_CERT === undefined ? 'http' : 'https';
  const startedAt = performance.now();
  const child = home.start(['serve', '--listen', listen], { TAMIZDAT_ADMIN_LISTEN: admin, ...env });
  child.stdout?.resume();
  const { pid = 0 } = child;
  await untilAnswers(`${scheme}://${listen}${path}`);
  const startedInMs = performance.now() - startedAt;
  const startedCpuMs = ownCpuSeconds(pid) * 1_000;
  // The first pass has a process of its own; we measure serving.
  do await new Promise((resolve) => setTimeout(resolve, 500));
  while (hasChildren(pid));
  return {
    pid,
    origin: `${scheme}://${listen}`,
    startedInMs,
    startedCpuMs,
    stop: async () => {
      const ended = untilEnded(child);
      child.kill('SIGTERM');
      await ended;
    },
  };
}
