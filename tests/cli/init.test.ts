import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { loadConfig } from '../../src/config/load.js';
import { cli } from '../support/cli.js';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tamizdat-init-'));
});
afterEach(() => rmSync(home, { recursive: true }));

const file = () => join(home, 'config.yaml');
const config = () =>
  loadConfig({ argvFlags: { home }, env: {}, readFile: (path) => readFileSync(path, 'utf8') });
const typed = (...lines: string[]) =>
  cli(['init', '--home', home], { tty: true, stdin: lines.map((line) => `${line}\n`).join('') });
const flags = (...given: string[]) => cli(['init', '--home', home, '--yes', ...given]);

describe('init at a terminal', () => {
  it('asks five questions and writes what was answered', async () => {
    const { code, stdout } = await typed(
      'The Mirror',
      'keeper@example.org',
      'global-voices, meduza-en',
      'https://mirror.example.org',
      'no',
      '20',
      'full',
    );
    expect(code).toBe(0);
    expect(config()).toMatchObject({
      publishers: ['global-voices', 'meduza-en'],
      site: { name: 'The Mirror', contact: 'keeper@example.org', urls: ['https://mirror.example.org/'] },
      fetch: { userAgentContact: 'keeper@example.org' },
      http: { edge: 'proxied' },
      pictures: { mode: 'text-only' },
      limits: { bytesPerMonth: 20e9 },
    });
    expect(stdout).toContain('tamizdat publishers check');
    expect(statSync(file()).mode & 0o077).toBe(0);
  });

  it('takes the defaults for empty lines, and writes hardly anything then', async () => {
    expect((await typed('', '', '', '', '', '', '')).code).toBe(0);
    expect(Object.keys(parse(readFileSync(file(), 'utf8')))).toEqual(['publishers', 'site']);
  });

  it('asks again where an answer cannot be read, and says why', async () => {
    const { stdout, code } = await typed(
      '',
      'nobody',
      '',
      'meduzza',
      'meduza',
      'ftp://x',
      '',
      'perhaps',
      'yes',
      '0',
      '5',
      'half',
      'full',
    );
    expect(code).toBe(0);
    for (const why of [
      'neither a mail address',
      'did you mean meduza?',
      'An address such as',
      'yes or no',
      'at least 1',
      'full or teaser',
    ])
      expect(stdout).toContain(why);
    expect(config()).toMatchObject({ publishers: ['meduza'], limits: { bytesPerMonth: 5e9 } });
  });

  it('takes numbers of its list, and the line of a node to follow', async () => {
    const line = `tz1:${'A'.repeat(43)}@mirror.example.org`;
    expect((await typed('', '', '1 2', '', '', '', '')).code).toBe(0);
    expect(config().publishers).toHaveLength(2);
    expect((await typed('yes', '', '', line, '', '', '')).code).toBe(0);
    expect(config().join).toEqual([line]);
  });

  it('leaves a file that is there unless told otherwise, and then keeps the old one', async () => {
    writeFileSync(file(), 'site: { name: Old }\n');
    expect((await typed('')).stdout).toContain('Left as it is.');
    expect(config().site.name).toBe('Old');
    expect((await typed('yes', 'New', '', '', '', '', '', '')).code).toBe(0);
    expect(config().site.name).toBe('New');
    expect(readFileSync(`${file()}.old`, 'utf8')).toContain('Old');
  });

  it('writes nothing when the input ends early', async () => {
    const { code, stderr } = await typed('The Mirror');
    expect(code).toBe(2);
    expect(stderr).toContain('nothing was written');
    expect(existsSync(file())).toBe(false);
  });
});

describe('init for scripts', () => {
  it('says which flags to use where there is no terminal', async () => {
    const { code, stderr } = await cli(['init', '--home', home]);
    expect(code).toBe(2);
    expect(stderr).toContain('tamizdat init --yes');
    expect(existsSync(file())).toBe(false);
  });

  it('writes from flags, and prints what it did as JSON', async () => {
    const { code, stdout } = await flags(
      '--name',
      'M',
      '--publishers',
      'global-voices',
      '--gb',
      '7',
      '--no-pictures',
      '--json',
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      file: file(),
      publishers: ['global-voices'],
      pictures: false,
    });
    expect(config()).toMatchObject({ site: { name: 'M' }, limits: { bytesPerMonth: 7e9 } });
  });

  it('replaces nothing without --force', async () => {
    writeFileSync(file(), 'site: { name: Old }\n');
    const { code, stderr } = await flags('--name', 'New');
    expect([code, config().site.name]).toEqual([2, 'Old']);
    expect(stderr).toContain('--force');
    expect((await flags('--name', 'New', '--force')).code).toBe(0);
    expect(config().site.name).toBe('New');
  });

  it('makes teasers of ours, and leaves the keeper’s own files alone', async () => {
    expect((await flags('--publishers', 'meduza', '--teaser')).code).toBe(0);
    const copy = join(home, 'publishers', 'meduza.yaml');
    expect(parse(readFileSync(copy, 'utf8'))).toMatchObject({ id: 'meduza', publish: 'teaser' });
    writeFileSync(copy, readFileSync(copy, 'utf8').replace('publish: teaser', 'publish: full'));
    const { stdout } = await flags('--publishers', 'meduza', '--teaser', '--force');
    expect(stdout).toContain(`${copy} is yours`);
    expect(parse(readFileSync(copy, 'utf8')).publish).toBe('full');
    expect((await cli(['config', 'check', '--home', home])).code).toBe(0);
  });

  it.each([
    [['--publishers', 'moscow-tims'], 'did you mean moscow-times?'],
    [['--join', 'tz1:short@x'], 'no whole trust string'],
    [['--url', 'mirror.example.org'], 'An address such as'],
    [['--gb', 'lots'], 'whole number'],
  ])('refuses %j with the reason', async (given, why) => {
    const { code, stderr } = await flags(...given);
    expect(code).toBe(2);
    expect(stderr).toContain(why);
    expect(existsSync(file())).toBe(false);
  });
});
