import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
export const SOAKED = 'soak-paper';

export interface Sample {
  /** Since this process started. */
  ageMs: number;
  residentBytes: number;
  openFiles: number;
}

/** What was asked of a node and how it answered. */
export interface Answers {
  ok: number;
  /** While it was down, or died in between. */
  unanswered: number;
  /** Answers of 5xx, and pages that were there before and are not now. */
  wrong: string[];
}

export type SoakedNode = ReturnType<typeof createSoakedNode>;

/** A whole node on a home of its own, started, killed and asked. */
export function createSoakedNode(home: string, upstream: string, env: Readonly<Record<string, string>> = {}) {
  mkdirSync(join(home, 'publishers'), { recursive: true });
  writeFileSync(
    join(home, 'publishers', `${SOAKED}.yaml`),
    JSON.stringify({
      id: SOAKED,
      names: { en: 'Soak Paper' },
      language: 'en',
      homepage: `http://${upstream}/`,
      hosts: ['127.0.0.1'],
      sources: [{ kind: 'feed', url: `http://${upstream}/feed`, text: 'full' }],
      identity: { patterns: ['/n(\\d{1,9})$'] },
      page: { fetch: 'never' },
    }),
  );
  const settings = {
    PATH: process.env.PATH,
    TAMIZDAT_HOME: home,
    TAMIZDAT_PUBLISHERS: SOAKED,
    TAMIZDAT_FETCH_ALLOW: upstream,
    TAMIZDAT_FETCH_POLITENESS: '0s',
    TAMIZDAT_FETCH_TIMEOUT: '3s',
    TAMIZDAT_SYNC_CRON: '* * * * *',
    TAMIZDAT_SYNC_JITTER: '0s',
    TAMIZDAT_ADMIN_LISTEN: '127.0.0.1:0',
    ...env,
  };
  let child: ChildProcess | null = null;
  let startedAt = 0;
  let output = '';
  let port: number | null = null;
  const samples: Sample[] = [];
  const answers: Answers = { ok: 0, unanswered: 0, wrong: [] };
  const seen = new Set<string>();

  function start(): void {
    port = null;
    startedAt = Date.now();
    // A group of its own: the sync process dies with it, as in a power cut.
    const started = spawn(process.execPath, [MAIN, 'serve', '--listen', '127.0.0.1:0'], {
      env: settings,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    let said = '';
    const hear = (text: string): void => {
      output += text;
      said += text;
      const found = /Open \S*?http:\/\/127\.0\.0\.1:(\d+)/.exec(said)?.[1];
      if (found !== undefined && child === started) port = Number(found);
    };
    started.stdout?.setEncoding('utf8').on('data', hear);
    started.stderr?.setEncoding('utf8').on('data', hear);
    started.on('exit', () => {
      if (child === started) [child, port] = [null, null];
    });
  }

  async function end(signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> {
    const ending = child;
    if (ending?.pid === undefined) return null;
    const code = new Promise<number | null>((resolve) => ending.once('exit', resolve));
    if (signal === 'SIGKILL') process.kill(-ending.pid, 'SIGKILL');
    else ending.kill('SIGTERM');
    return code;
  }

  /** Until it says where it serves, or is not running any more; half a minute at most. */
  async function untilUp(): Promise<void> {
    const endsAt = Date.now() + 30_000;
    while (port === null && child !== null && Date.now() < endsAt) await wait(50);
  }

  function sample(): void {
    const pid = child?.pid;
    if (pid === undefined) return;
    try {
      const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1];
      const openFiles = readdirSync(`/proc/${pid}/fd`).length;
      samples.push({ ageMs: Date.now() - startedAt, residentBytes: Number(kib) * 1_024, openFiles });
    } catch {
      // It ended in between.
    }
  }

  async function ask(path: string): Promise<void> {
    const status = port === null ? null : await statusOf(port, path);
    if (status === null) answers.unanswered += 1;
    else if (status >= 500 || (status !== 200 && seen.has(path))) answers.wrong.push(`${status} ${path}`);
    else {
      answers.ok += 1;
      if (status === 200) seen.add(path);
    }
  }

  /** One pass to its end, over sources that rest after a failure too. Answers what is wrong with how it ended; null where nothing is. */
  async function syncOnce(): Promise<string | null> {
    const syncing = spawn(process.execPath, [MAIN, 'sync', '--once'], {
      env: settings,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    syncing.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const code = await new Promise<number | null>((resolve) => syncing.once('close', resolve));
    output += said;
    return code === 0 ? null : `sync --once ended with ${code}: ${said.slice(-300)}`;
  }

  return {
    home,
    start,
    syncOnce,
    end,
    untilUp,
    sample,
    ask,
    samples,
    answers,
    isRunning: (): boolean => child !== null,
    output: (): string => output,
  };
}

/** Null where no whole answer came. A connection each, as readers on the freezing line make them. */
function statusOf(port: number, path: string): Promise<number | null> {
  return new Promise((resolve) => {
    const sent = request({ host: '127.0.0.1', port, path, agent: false, timeout: 20_000 }, (response) => {
      response.on('error', () => resolve(null));
      response.on('end', () => resolve(response.complete ? (response.statusCode ?? null) : null));
      response.resume();
    });
    sent.on('timeout', () => sent.destroy());
    sent.on('error', () => resolve(null));
    sent.end();
  });
}
