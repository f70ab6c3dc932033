import { spawnSync } from 'node:child_process';
import { podmanFlags, readCompose } from '../support/compose.js';

/** Of this process, so that two checks do not meet. */
const PROJECT = `tamizdat-check-${process.pid}`;
/** As a client of Compose would find them; the network stands apart from all others (`scripts/image-check`). */
export const NODE = 'http://127.0.0.1:8080';

/**
 * Runs podman and answers what it says on standard output. Throws its complaint.
 * `--ulimit core=0` puts off the limits of containers.conf, and podman's own are more than a container in a container may ask for.
 */
export function podman(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('podman', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`podman ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** `scripts/image-check --all`: what takes a minute too. */
export const isLong = process.env.TAMIZDAT_TEST_ALL !== undefined;

/** One that ends at this very moment cannot be killed, and is refused: the second time it is gone. */
function removed(container: string): void {
  const remove = ['rm', '--force', '--ignore', '--time', '0', '--volumes', container];
  for (let tried = 0; tried < 3; tried += 1) if (spawnSync('podman', remove).status === 0) return;
  podman(...remove);
}

const LIMITS = ['--ulimit', 'nofile=20000:20000', '--ulimit', 'nproc=4096:4096'];

/**
 * The services of compose.yaml, run by podman with the flags it asks for, under these variables of `.env`.
 * `more`: flags of the test alone, such as a certificate to trust. `command`: instead of the image's own.
 */
export function createStack(variables: Readonly<Record<string, string>>) {
  const { services } = readCompose(variables);
  const started: string[] = [];
  podman('network', 'create', PROJECT);

  function run(
    name: string,
    flags: readonly string[],
    image: string,
    command: readonly string[] = [],
  ): string {
    const container = `${PROJECT}-${name}`;
    started.push(container);
    podman(
      'run',
      '--detach',
      '--name',
      container,
      '--network',
      PROJECT,
      ...LIMITS,
      ...flags,
      image,
      ...command,
    );
    return container;
  }

  return {
    network: PROJECT,
    /** Of the machine, as the containers see it. */
    gateway: podman('network', 'inspect', PROJECT, '--format', '{{(index .Subnets 0).Gateway}}'),
    run,

    up(name: keyof typeof services, more: readonly string[] = [], command: readonly string[] = []): string {
      const flags = [...podmanFlags(services[name], PROJECT), '--network-alias', name, ...more];
      return run(name, flags, services[name].image, command);
    },

    remove(container: string): void {
      podman('rm', '--force', '--time', '3', container);
      started.splice(started.indexOf(container), 1);
    },

    /** Everything a container has said so far. */
    said(container: string): string {
      const { stdout, stderr } = spawnSync('podman', ['logs', container], { encoding: 'utf8' });
      return stdout + stderr;
    },

    /** Volumes too. */
    down(): void {
      for (const container of started) removed(container);
      const volumes = podman('volume', 'ls', '--quiet', '--filter', `name=${PROJECT}-`);
      if (volumes !== '') podman('volume', 'rm', '--force', ...volumes.split('\n'));
      podman('network', 'rm', '--force', PROJECT);
    },
  };
}
export type Stack = ReturnType<typeof createStack>;

/** Asks until `ask` has an answer. Throws what it last said after `patienceMs`. */
export async function until<T>(what: string, ask: () => Promise<T | null>, patienceMs = 60_000): Promise<T> {
  const giveUpAt = Date.now() + patienceMs;
  for (let reason: unknown = 'no answer'; ; ) {
    const answer = await ask().catch((error: unknown) => {
      reason = error;
      return null;
    });
    if (answer !== null) return answer;
    if (Date.now() > giveUpAt) throw new Error(`${what}: ${String(reason)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The text at a path of the node itself, as soon as it is there. */
export const pageOf = (path: string): Promise<string> =>
  until(path, async () => {
    const answer = await fetch(`${NODE}${path}`, { signal: AbortSignal.timeout(2_000) });
    return answer.status === 200 ? answer.text() : null;
  });
