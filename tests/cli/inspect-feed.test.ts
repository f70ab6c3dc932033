import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.js';

const lamp = fileURLToPath(new URL('../fixtures/inspect/lamp.xml', import.meta.url));

describe('inspect feed', () => {
  it('prints exactly the shape other programs rely on', async () => {
    const { code, stdout } = await cli([
      'inspect',
      'feed',
      lamp,
      '--base',
      'https://lamp.example/rss',
      '--json',
    ]);
    expect(code).toBe(0);
    const feed = JSON.parse(stdout);
    expect(Object.keys(feed)).toEqual(['title', 'link', 'language', 'entries']);
    expect(feed.entries).toHaveLength(2);
    expect(feed.entries[0]).toEqual({
      id: 'https://lamp.example/2026/oil-a12',
      title: 'Oil is short',
      url: 'https://lamp.example/2026/oil-a12',
      published: '2026-11-02T07:00:00.000Z',
      updated: null,
      authors: [],
      summary: 'The lamps burn low.',
      content_html: null,
    });
  });

  it('reads standard input, with the charset that --content-type names', async () => {
    const stdin = readFileSync(lamp, 'utf8').replace('encoding="UTF-8"', '').replace('Daily', 'D\u00e9ily');
    const argv = ['inspect', 'feed', '-', '--json', '--content-type', 'application/rss+xml; charset=utf-8'];
    expect(JSON.parse((await cli(argv, { stdin })).stdout).title).toBe('Déily Lamp');
  });

  it('shows a person title, language and entries', async () => {
    const { stdout } = await cli(['inspect', 'feed', lamp]);
    expect(stdout).toContain('Daily Lamp\nrss, en, https://lamp.example/, 2 entries\n');
    expect(stdout).toMatch(/2026-11-02T07:00 +summary +4 +Oil is short\n/);
  });

  it('fetches a URL only where the guard lets it', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/rss+xml').end(readFileSync(lamp));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const argv = ['inspect', 'feed', `http://127.0.0.1:${port}/rss`, '--json'];
    const refused = await cli(argv);
    const allowed = await cli(argv, { env: { TAMIZDAT_FETCH_ALLOW: `127.0.0.1:${port}` } });
    server.close();
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('address-refused');
    expect(JSON.parse(allowed.stdout)).toMatchObject({ title: 'Daily Lamp', link: 'https://lamp.example/' });
  });
});

describe('inspect feed --batch', () => {
  it('answers a line each, in order, with the reason where one failed', async () => {
    const stdin = [
      JSON.stringify({
        path: lamp,
        url: 'https://lamp.example/rss',
        headers: { 'Content-Type': 'text/xml' },
      }),
      JSON.stringify({ path: '/absent.xml' }),
      '',
      'this is no JSON',
      JSON.stringify({ publisher: 'nobody' }),
      JSON.stringify({ path: '-' }),
      JSON.stringify({ path: fileURLToPath(import.meta.url) }),
      JSON.stringify({ path: lamp, oracle: { ignored: true } }),
    ].join('\n');
    const { code, stdout } = await cli(['inspect', 'feed', '--batch'], { stdin });
    expect(code).toBe(0);
    const answers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers).toEqual([
      expect.objectContaining({ title: 'Daily Lamp' }),
      { error: expect.stringContaining('/absent.xml cannot be read') },
      { error: expect.stringContaining('not JSON') },
      { error: expect.stringContaining('with a path or a URL') },
      { error: 'standard input holds the list itself' },
      { error: expect.stringContaining('no feed') },
      expect.objectContaining({ title: 'Daily Lamp' }),
    ]);
    expect(answers[0].entries[0].url).toBe('https://lamp.example/2026/oil-a12');
  });
});
