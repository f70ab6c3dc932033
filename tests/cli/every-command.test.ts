import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../../src/cli/program.js';
import { cli, recordOutput } from '../support/cli.js';

async function* nothing() {}
const program = createProgram({
  stdin: nothing(),
  stdout: recordOutput(),
  stderr: recordOutput(),
  env: {},
});
const docs = readFileSync(fileURLToPath(new URL('../../docs/cli.md', import.meta.url)), 'utf8');

interface Known {
  words: string[];
  command: Command;
}

function walk(command: Command, words: string[]): Known[] {
  // What is hidden is started by the program itself.
  const shown = command.commands.filter((one) => !(one as unknown as { _hidden?: boolean })._hidden);
  return shown.flatMap((one) => {
    const below = walk(one, [...words, one.name()]);
    return below.length > 0 ? below : [{ words: [...words, one.name()], command: one }];
  });
}

const commands = walk(program, []);
const named = commands.map(({ words, command }) => [words.join(' '), command] as const);

/** It goes on until it is told to stop: what it says is the log's. */
const WITHOUT_JSON: readonly string[] = ['serve'];

describe('every command', () => {
  it('is found by this walk', () => {
    expect(named.map(([name]) => name)).toEqual(expect.arrayContaining(['serve', 'status', 'config check']));
  });

  it.each(named)('%s says what it does in one sentence', (_name, command) => {
    expect(command.description()).toMatch(/^[A-Z].{10,}[.?]$/);
  });

  it.each(named)('%s has examples in its help, each of this very command', async (name) => {
    const { code, stdout } = await cli([...name.split(' '), '--help']);
    const [, examples = ''] = stdout.split('\nExamples:\n');
    expect(code).toBe(0);
    const lines = examples.trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(0);
    expect(lines[0]).toMatch(new RegExp(`^  tamizdat ${name}( |$)`));
    // What an example does may stand below it, further in.
    for (const line of lines) expect(line).toMatch(/^ {2}(tamizdat| {4}) ?\S/);
  });

  it.each(named.filter(([name]) => !WITHOUT_JSON.includes(name)))(
    '%s can report as JSON',
    (_name, command) => {
      expect(command.options.map(({ long }) => long)).toContain('--json');
    },
  );

  it.each(named)('%s explains each of its options', (_name, command) => {
    for (const option of command.options) expect(option.description).not.toBe('');
    for (const argument of command.registeredArguments) expect(argument.description).not.toBe('');
  });

  it.each(named)('%s stands in docs/cli.md', (name) => {
    const [group = '', sub] = name.split(' ');
    const section = docs.split(/^## /m).find((text) => text.startsWith(`${group}\n`)) ?? '';
    const inGroup = sub !== undefined && section.includes(`\`${sub}`);
    expect(inGroup || new RegExp(`(?:^## |tamizdat |\`)${name}\\b`, 'm').test(docs)).toBe(true);
  });

  it.each(named)('%s has each of its flags in its part of docs/cli.md', (name, command) => {
    const part = docs
      .split(/^## /m)
      .filter((text) => [name, name.split(' ')[0]].some((title) => text.startsWith(`${title}\n`)))
      .join('');
    const flags = command.options.map(({ long }) => long ?? '').filter((flag) => flag !== '--json');
    expect(flags.filter((flag) => !new RegExp(`${flag}(?![a-z-])`).test(part))).toEqual([]);
  });

  it('has every flag that docs/cli.md names', () => {
    const flags = new Set(
      [program, ...commands.map(({ command }) => command)].flatMap(({ options }) =>
        options.map(({ long }) => long),
      ),
    );
    const told = [...docs.matchAll(/(?<![\w#-])--[a-z][a-z-]*/g)].map(([flag]) => flag);
    expect(told.length).toBeGreaterThan(50);
    expect(told.filter((flag) => !flags.has(flag) && flag !== '--help')).toEqual([]);
  });

  it.each(named)('%s refuses an option it does not know with 2, and says what to type', async (name) => {
    const { code, stderr } = await cli([...name.split(' '), '--no-such-option']);
    expect(code).toBe(2);
    expect(stderr).toContain(`For example: tamizdat ${name}`);
    expect(stderr).toContain('--help');
  });
});
