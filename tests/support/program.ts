import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The compiled program, which `build-once.ts` makes. */
export const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Program {
  /** All it has said so far, on both streams as it came. */
  said(): string;
  /** Resolves once `wanted` was said; rejects where the program ends before. */
  until(wanted: RegExp): Promise<RegExpExecArray>;
  /** Resolves when it is gone, and with it whoever writes to the same streams. */
  readonly ended: Promise<Ended>;
  /** Sends it a signal; nothing where it is gone already. Resolves as `ended` does. */
  stop(signal?: NodeJS.Signals): Promise<Ended>;
}

export interface ProgramSetting {
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: string;
  /** For Node itself, before the program. */
  flags?: readonly string[];
}

/** Starts the compiled program as a person would, with nothing of this process's environment but its PATH. */
export function startProgram(
  argv: readonly string[],
  { env = {}, stdin = '', flags = [] }: ProgramSetting = {},
): Program {
  const child = spawn(process.execPath, [...flags, MAIN, ...argv], {
    env: { PATH: process.env.PATH, ...env },
  });
  const heard = { stdout: '', stderr: '' };
  let [said, isOver] = ['', false];
  const waiting: (() => void)[] = [];
  const wake = (): void => {
    for (const look of waiting.splice(0)) look();
  };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      heard[stream] += text;
      said += text;
      wake();
    });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => {
      isOver = true;
      resolve({ code, signal, ...heard });
      wake();
    });
  });
  child.stdin.on('error', () => undefined).end(stdin);
  return {
    said: () => said,
    until: async (wanted) => {
      for (;;) {
        const found = wanted.exec(said);
        if (found !== null) return found;
        if (isOver) throw new Error(`ended without saying ${wanted}: ${said}`);
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
    ended,
    stop: (signal = 'SIGKILL') => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs the compiled program to its end. */
export const tamizdat = (argv: readonly string[], setting?: ProgramSetting): Promise<Ended> =>
  startProgram(argv, setting).ended;

/** Where a program that serves says it does, without the slash at the end. */
export const addressOf = async ({ until }: Program): Promise<string> =>
  (await until(/Open \S*?(http:\/\/127\.0\.0\.1:\d+)/))[1] ?? '';
