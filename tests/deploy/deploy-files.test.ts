import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');

describe('the Dockerfile', () => {
  const text = read('Dockerfile');

  it('names no machine: it builds on amd64 and on arm64', () => {
    expect(text).not.toMatch(/amd64|arm64|x86_64|aarch64|--platform/);
  });

  it('finds in the lock a ready-made binary for both machines', () => {
    const locked = Object.keys(JSON.parse(read('package-lock.json')).packages);
    for (const machine of ['x64', 'arm64'])
      for (const name of ['@img/sharp-linux', '@img/sharp-libvips-linux', '@esbuild/linux'])
        expect(locked).toContain(`node_modules/${name}-${machine}`);
  });

  it('runs as a user that is not root, and builds the node last', () => {
    const stages = text.split(/^FROM /m).slice(1);
    expect(stages.at(-1)).toMatch(/^USER 1000:1000$/m);
    expect(stages.at(-1)).toContain('dist/main.js');
    expect(stages.find((stage) => stage.includes(' AS onion'))).toMatch(/^USER debian-tor$/m);
  });
});

describe('the systemd unit', () => {
  const unit = read('scripts/systemd/tamizdat.service');

  it('leaves no core dump, no capability and nothing but its own folder to write to', () => {
    for (const line of [
      'LimitCORE=0',
      'CapabilityBoundingSet=',
      'NoNewPrivileges=yes',
      'ProtectSystem=strict',
      'StateDirectory=tamizdat',
      'User=tamizdat',
    ])
      expect(unit.split('\n')).toContain(line);
  });
});
