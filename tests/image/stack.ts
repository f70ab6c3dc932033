import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** As a client of Compose would find them; the network stands apart from all others (`scripts/image-check`). */
export const NODE = 'http://127.0.0.1:8080';

/** `scripts/image-check --all`: what takes a minute too. */
export const isLong = process.env.TAMIZDAT_TEST_ALL !== undefined;

/** Runs podman and answers what it says on standard output. Throws its complaint. */
export const podman = (...args: string[]): string => run('podman', args).stdout.trim();

function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv = process.env) {
  const { error, status, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8', env });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stderr}`);
  return { stdout, stderr };
}

/** What a test adds to a service of compose.yaml, or a service of its own, in Compose's words. */
export type Override = Readonly<Record<string, unknown>>;

/** More open files and processes are more than a container in a container may ask for. */
const LIMITS = { ulimits: { core: 0, nofile: 20_000, nproc: 4_096 } };

/** compose.yaml under Compose itself, in a project of its own, as somebody would use it who has `variables` in `.env` and nothing else. */
export function createStack(variables: Readonly<Record<string, string>>) {
  const project = `tamizdat-check-${process.pid}`;
  const folder = mkdtempSync(join(tmpdir(), 'tamizdat-stack-'));
  const overrides = join(folder, 'override.json');
  const services: Record<string, Override> = { tamizdat: LIMITS, edge: LIMITS, onion: LIMITS };
  const files = ['--file', 'compose.yaml', '--file', overrides, '--env-file', '/dev/null'];
  const { PATH, HOME, DOCKER_HOST } = process.env;
  const container = (service: string): string => `${project}-${service}-1`;

  function composed(args: readonly string[]) {
    writeFileSync(overrides, JSON.stringify({ services }));
    const own = ['--project-name', project, '--ansi', 'never', ...files];
    return run('docker-compose', [...own, ...args], { PATH, HOME, DOCKER_HOST, ...variables });
  }
  const compose = (...args: string[]): string => composed(args).stdout.trim();

  return {
    compose,

    /** `more`, over the services of compose.yaml and what `up` was told before. Volumes and what did not change stay. */
    up(more: Readonly<Record<string, Override>> = {}, profiles: readonly string[] = []): void {
      for (const [name, override] of Object.entries(more)) services[name] = { ...LIMITS, ...override };
      // The images are at hand (`scripts/image-check`).
      const asked = profiles.flatMap((profile) => ['--profile', profile]);
      compose(...asked, 'up', '--detach', '--no-build', '--pull', 'never');
    },

    /** As podman names it. */
    container,

    /** What Compose says beside its answer when it reads the file. */
    warnings: (): string => composed(['--profile', '*', 'config', '--quiet']).stderr,

    /** What a command in a running container says. Throws where it fails. */
    exec: (service: string, ...command: string[]): string => compose('exec', '-T', service, ...command),

    /** Stops it and takes it away; its volumes stay. */
    remove(service: string): void {
      compose('rm', '--stop', '--force', service);
    },

    /** Everything a container has said so far. */
    said(service: string): string {
      const { stdout, stderr } = run('podman', ['logs', container(service)]);
      return stdout + stderr;
    },

    /** Of the machine, as the containers see it. */
    gateway: (): string =>
      podman('network', 'inspect', `${project}_default`, '--format', '{{(index .Subnets 0).Gateway}}'),

    /** The folder of a volume. */
    folderOf: (volume: string): string =>
      podman('volume', 'inspect', `${project}_${volume}`, '--format', '{{.Mountpoint}}'),

    /** Volumes too. */
    down(): void {
      compose('--profile', '*', 'down', '--volumes', '--timeout', '1');
      rmSync(folder, { recursive: true });
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
