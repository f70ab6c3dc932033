import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { createStack, NODE, pageOf, podman } from '../tests/image/stack.js';

/**
 * Starts of a container by the clock, made anew by Compose, its volume kept: from `podman start` (whose own part is named) to the first page,
 * and what its processes used of the processor until then. Each waits for a moment in which the machine does nothing else.
 * Run by `scripts/image-check --starts`, in its namespaces.
 */
const starts = Number(process.argv[2] ?? 5);
const stack = createStack({});
const node = stack.container('tamizdat');

/** Milliseconds of processor time of the container's processes so far. */
function processorMs(container: string): number {
  const pid = podman('inspect', container, '--format', '{{.State.Pid}}');
  const line = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .find((one) => one.includes('cpuacct'));
  const group = line === undefined ? '' : line.slice(line.indexOf('/'));
  return Number(readFileSync(`/sys/fs/cgroup/cpuacct${group}/cpuacct.usage`, 'utf8')) / 1e6;
}

/** Share of the machine's processor time that nobody used in the next `ms`. */
async function idleShare(ms: number): Promise<number> {
  const sums = () => {
    const times = cpus().map((one) => one.times);
    return {
      idle: times.reduce((sum, { idle }) => sum + idle, 0),
      all: times.reduce((sum, { idle, irq, nice, sys, user }) => sum + idle + irq + nice + sys + user, 0),
    };
  };
  const before = sums();
  await sleep(ms);
  const after = sums();
  return (after.idle - before.idle) / (after.all - before.all);
}

/** Other work on the machine is not what is measured: waits for a second without any, for five at most. */
async function idleMoment(): Promise<void> {
  for (let tried = 0; tried < 5 && (await idleShare(1_000)) < 0.9; tried += 1);
}

async function firstPage(): Promise<void> {
  while ((await fetch(NODE).catch(() => null))?.status !== 200) await sleep(10);
}

try {
  stack.up({ tamizdat: { command: ['serve', '--demo'] } });
  await pageOf('/demo-courier/a1102/');
  console.log('start   podman start   first page   processor');
  for (let number = 1; number <= starts; number += 1) {
    stack.remove('tamizdat');
    stack.compose('create', '--no-build', 'tamizdat');
    await idleMoment();
    const startedAt = performance.now();
    podman('start', node);
    const podmanMs = performance.now() - startedAt;
    await firstPage();
    const readyMs = performance.now() - startedAt;
    const cells = [
      number,
      `${(podmanMs / 1e3).toFixed(2)} s`,
      `${(readyMs / 1e3).toFixed(2)} s`,
      `${(processorMs(node) / 1e3).toFixed(2)} s`,
    ];
    console.log(cells.map((cell, at) => String(cell).padEnd([8, 15, 13, 0][at] ?? 0)).join(''));
  }
} finally {
  stack.down();
}
