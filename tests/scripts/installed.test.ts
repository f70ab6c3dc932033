import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createSandbox, SQLITE } from './sandbox.js';

let sandbox: ReturnType<typeof createSandbox>;
beforeEach(() => {
  sandbox = createSandbox();
  sandbox.withNode();
  sandbox.write('check', 'exec node "$(dirname "$0")/scripts/installed.mjs"');
});
afterEach(() => sandbox.remove());

const check = () => sandbox.run('check');
const lock = (packages: object) => JSON.stringify({ packages });

describe('scripts/installed.mjs', () => {
  it('is content where every package of the lock is there and loads, but those of other platforms', async () => {
    expect(await check()).toEqual({ code: 0, output: '' });
  });

  it('asks to install where nothing is installed', async () => {
    sandbox.write('node_modules/.package-lock.json', '');
    expect(await check()).toEqual({ code: 1, output: 'install: nothing is installed yet\n' });
  });

  it('asks to install where a version differs', async () => {
    const installed = {
      [`node_modules/${SQLITE}`]: { version: '0.9.0' },
      'node_modules/sharp': { version: '1.0.0' },
    };
    sandbox.write('node_modules/.package-lock.json', lock(installed));
    expect(await check()).toEqual({
      code: 1,
      output: `install: node_modules/${SQLITE} is 0.9.0, the lock says 1.0.0\n`,
    });
  });

  it('asks to install where a package of the same version has other bytes', async () => {
    sandbox.write(
      'package-lock.json',
      lock({ 'node_modules/sharp': { version: '1.0.0', integrity: 'sha512-b' } }),
    );
    sandbox.write(
      'node_modules/.package-lock.json',
      lock({ 'node_modules/sharp': { version: '1.0.0', integrity: 'sha512-a' } }),
    );
    expect((await check()).code).toBe(1);
  });

  it('asks to install where SQLite was optional, and left out for the Node that installed', async () => {
    const other = { 'node_modules/sharp': { version: '1.0.0' } };
    const wanted = { ...other, [`node_modules/${SQLITE}`]: { version: '1.0.0', optional: true } };
    sandbox.write('package-lock.json', lock(wanted));
    sandbox.write('node_modules/.package-lock.json', lock(other));
    sandbox.write(`node_modules/${SQLITE}/index.js`, 'throw new Error("left over")');
    expect(await check()).toEqual({ code: 1, output: `install: ${SQLITE} is not installed\n` });
  });

  it('asks to rebuild where a binary was made for another Node', async () => {
    sandbox.write(
      `node_modules/${SQLITE}/index.js`,
      'throw Object.assign(new Error("no"), { code: "ERR_DLOPEN_FAILED" })',
    );
    expect((await check()).output).toMatch(
      /^rebuild: better-sqlite3\S* does not load under Node v\S+ \(ERR_DLOPEN_FAILED\)\n$/,
    );
  });
});
