import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** What the kernel counts processor time in: proc(5), `utime`. */
const TICKS_PER_SECOND = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));

interface ProcessStat {
  pid: number;
  parent: number;
  cpuSeconds: number;
}

function readStat(pid: number): ProcessStat | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name, in brackets, may hold anything: fields are counted after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      pid,
      parent: Number(fields[1]),
      cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
    };
  } catch {
    return null;
  }
}

const FIELDS = { now: 'VmRSS', peak: 'VmHWM', own: 'RssAnon' } as const;

/** The process and all that came of it and still runs. */
function family(pid: number): ProcessStat[] {
  const all = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const found: ProcessStat[] = all.filter((stat) => stat.pid === pid);
  for (let next = 0; next < found.length; next += 1) {
    found.push(...all.filter((stat) => stat.parent === found[next]?.pid));
  }
  return found;
}

/** Processor time, user and system, of a process and its descendants so far. Children that ended are not in it. */
export function cpuSeconds(pid: number): number {
  return family(pid).reduce((sum, stat) => sum + stat.cpuSeconds, 0);
}

/** The same of the process alone. */
export const ownCpuSeconds = (pid: number): number => readStat(pid)?.cpuSeconds ?? Number.NaN;

export function hasChildren(pid: number): boolean {
  return family(pid).length > 1;
}

/**
 * Resident memory of one process: now, or the most it ever was, shared pages and those of mapped files included; `own` is what it
 * holds now without a file behind it. Null when it is gone.
 */
export function residentBytes(pid: number, when: 'now' | 'peak' | 'own'): number | null {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'latin1');
    const kib = new RegExp(`^${FIELDS[when]}:\\s+(\\d+) kB`, 'm').exec(status)?.[1];
    return kib === undefined ? null : Number(kib) * 1024;
  } catch {
    return null;
  }
}

/** Milliseconds that the main thread of a process was on a processor, and that it waited for one: proc(5), `schedstat`. */
export function mainThread(pid: number): { ranMs: number; delayedMs: number } {
  const [ran, delayed] = readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'latin1').split(' ');
  return { ranMs: Number(ran) / 1e6, delayedMs: Number(delayed) / 1e6 };
}
