import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What the scripts use of any Debian machine; Node, npm, apt-get and compilers are not among it. */
const EVERYDAY = [
  'awk',
  'bash',
  'cat',
  'dirname',
  'env',
  'find',
  'grep',
  'mktemp',
  'rm',
  'sed',
  'tail',
  'tee',
  'touch',
];

/** The release of SQLite that this Node runs. */
export const SQLITE = Number(process.versions.napi) >= 10 ? 'better-sqlite3' : 'better-sqlite3-12';

const LOCK = JSON.stringify({
  packages: {
    '': { name: 'sandbox' },
    [`node_modules/${SQLITE}`]: { version: '1.0.0' },
    'node_modules/sharp': { version: '1.0.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
});

/** Tells how it was started, then stays until a signal comes. */
const NODE_STAND_IN = `
process.on('SIGINT', () => { console.log('stopped cleanly'); process.exit(0); });
setInterval(() => {}, 1000);
console.log(JSON.stringify({ pid: process.pid, argv: process.argv.slice(2), env: process.env }));
`;

export interface Ended {
  code: number | null;
  output: string;
}

/** A copy of scripts/ in a folder of its own, where packages, compiler and node are stand-ins. */
export function createSandbox() {
  const root = mkdtempSync(join(tmpdir(), 'tamizdat-scripts-'));
  const bin = join(root, 'bin');
  const write = (path: string, text: string, mode = 0o644) => {
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
  };
  const command = (name: string, script: string) => write(`bin/${name}`, `#!/bin/bash\n${script}\n`, 0o755);

  mkdirSync(bin, { recursive: true });
  for (const name of EVERYDAY) {
    symlinkSync(
      execFileSync('/bin/sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim(),
      join(bin, name),
    );
  }
  cpSync(join(repository, 'scripts'), join(root, 'scripts'), { recursive: true });
  write('package.json', '{}');
  write('tsconfig.json', '{}');
  write('src/main.ts', '');
  write('package-lock.json', LOCK);
  write('node_modules/.package-lock.json', LOCK);
  write(`node_modules/${SQLITE}/index.js`, 'module.exports = class { close() {} };');
  write('node_modules/sharp/index.js', '');
  write('stand-in.mjs', NODE_STAND_IN);
  write(
    'scripts/build.mjs',
    "import { cpSync } from 'node:fs';\nconsole.log('(compiler)');\ncpSync('stand-in.mjs', 'dist/main.js');\n",
  );

  const env = { PATH: bin, HOME: root };
  const running: ChildProcess[] = [];
  const start = (
    script: string,
    args: readonly string[] = [],
    more: Readonly<Record<string, string>> = {},
  ) => {
    const child = spawn(join(bin, 'bash'), [join(root, script), ...args], {
      cwd: tmpdir(),
      env: { ...env, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.push(child);
    let output = '';
    const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, output })));
    const started = new Promise<{ pid: number; argv: string[]; env: Record<string, string> }>(
      (resolve, reject) => {
        const hear = (chunk: Buffer) => {
          output += chunk;
          const line = output.split('\n').find((text) => text.startsWith('{"pid"'));
          if (line !== undefined) resolve(JSON.parse(line));
        };
        child.stdout.on('data', hear);
        child.stderr.on('data', hear);
        child.on('close', () => reject(new Error(`ended before it served:\n${output}`)));
      },
    );
    // Whoever waits for the end only is not told twice.
    started.catch(() => {});
    return { child, started, ended };
  };

  return {
    root,
    write,
    command,
    withNode: () => {
      symlinkSync(process.execPath, join(bin, 'node'));
      command('npm', 'echo "(npm $*)"; exit 1');
    },
    start,
    run: (script: string, args: readonly string[] = []) => start(script, args).ended,
    remove: () => {
      for (const child of running) if (child.exitCode === null) child.kill('SIGKILL');
      rmSync(root, { recursive: true, force: true });
    },
  };
}
