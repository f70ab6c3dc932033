import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { exampleYaml, withTables } from '../../src/config/document.js';
import { loadConfig } from '../../src/config/load.js';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('what is made from the schema', () => {
  it('config.example.yaml has not fallen behind (npm run config:example)', () => {
    expect(read('config.example.yaml')).toBe(exampleYaml());
  });

  it('docs/configuration.md has not fallen behind (npm run config:example)', () => {
    const docs = read('docs/configuration.md');
    expect(docs).toBe(withTables(docs));
    expect(docs).toContain('`TAMIZDAT_FETCH_TIMEOUT`');
    expect(docs).toContain('`sources[].url`');
  });

  it('config.example.yaml loads and means the defaults', () => {
    const readFile = (path: string) => {
      if (path === 'example') return read('config.example.yaml');
      throw Object.assign(new Error('absent'), { code: 'ENOENT' });
    };
    const example = loadConfig({ argvFlags: { config: 'example' }, env: {}, readFile });
    // What is written there counts as chosen, the publishers too.
    expect(example).toEqual({ ...loadConfig({ argvFlags: {}, env: {}, readFile }), publishersGiven: true });
  });
});
