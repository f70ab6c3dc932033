import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { type AttackMirror, NONE, type Order } from './attack-mirror.js';

/** Compiled to one text: to start it through tsx takes more than all that it does. */
function mirrorProgram(): string {
  const { outputFiles } = buildSync({
    entryPoints: [fileURLToPath(new URL('mirror-process.ts', import.meta.url))],
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    write: false,
  });
  return outputFiles[0]?.text ?? '';
}

export async function mirrorInProcess(): Promise<AttackMirror> {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', mirrorProgram()], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  });
  const answer = async (order?: Order): Promise<unknown> => {
    const heard = once(child, 'message');
    if (order !== undefined) child.send(order);
    return (await heard)[0];
  };
  const where = (await answer()) as Pick<AttackMirror, 'url' | 'pair'>;
  return {
    ...where,
    show: async (tree, replies = NONE) => {
      await answer({ show: [tree, replies] });
    },
    asked: async () => (await answer('asked')) as string[],
    close: async () => {
      const gone = once(child, 'exit');
      child.disconnect();
      await gone;
    },
  };
}
