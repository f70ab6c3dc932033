import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cli } from '../support/cli.js';

const fixture = (name: string) => fileURLToPath(new URL(`../fixtures/inspect/${name}`, import.meta.url));
const oil = fixture('oil.html');
const lampFile = (id: string) => `
id: ${id}
names: { en: Lamp }
language: en
homepage: https://lamp.example/
hosts: [lamp.example]
sources: [{ url: "https://lamp.example/rss" }]
page: { content: [article] }
`;
const URL_OF_OIL = 'https://lamp.example/2026/oil-a12';

describe('inspect page', () => {
  it('prints exactly the shape other programs rely on', async () => {
    const { code, stdout } = await cli(['inspect', 'page', oil, '--url', URL_OF_OIL, '--json']);
    expect(code).toBe(0);
    const page = JSON.parse(stdout);
    expect(Object.keys(page)).toEqual([
      'title',
      'subtitle',
      'authors',
      'published',
      'modified',
      'language',
      'direction',
      'section',
      'tags',
      'lead',
      'content_html',
      'content_text',
    ]);
    expect(page).toMatchObject({
      title: 'Oil is short',
      published: '2026-11-02T07:00:00.000Z',
      language: 'en',
      direction: 'ltr',
      lead: null,
    });
    expect(page.content_html).toContain('href="https://lamp.example/2026/theater-a9"');
  });

  it('gives the text one paragraph a line', async () => {
    const { stdout } = await cli(['inspect', 'page', oil, '--url', URL_OF_OIL, '--json']);
    const lines = JSON.parse(stdout).content_text.split('\n');
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^The lamps of the harbor burned low .* barrels that were left\.$/);
  });

  it('shows a person the facts and the text', async () => {
    const { stdout } = await cli(['inspect', 'page', oil, '--url', URL_OF_OIL]);
    expect(stdout).toMatch(/^Title: +Oil is short\n/);
    expect(stdout).toContain('\n\nUntil then the lamplighters');
  });

  it('wants to know the address of a page that is a file', async () => {
    const { code, stderr } = await cli(['inspect', 'page', oil]);
    expect(code).toBe(2);
    expect(stderr).toContain('url is missing; allowed: the http(s) address of the page');
  });

  it('names the nearest publisher where there is none of that id', async () => {
    const argv = ['inspect', 'page', oil, '--url', URL_OF_OIL, '--publisher', 'moscow-tims'];
    expect(await cli(argv)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Did you mean moscow-times?'),
    });
  });

  it('ends with 1 and the reason where there is no article', async () => {
    const { code, stderr } = await cli(['inspect', 'page', '-', '--url', URL_OF_OIL], {
      stdin: '<p>Hello.</p>',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/^no article: /);
  });
});

describe('inspect page --batch', () => {
  it('answers in the order of the lines, however publishers alternate, with the reason where one failed', async () => {
    const lamp = (path: string) => ({
      path: fixture(path),
      url: `https://lamp.example/${path}`,
      publisher: 'lamp',
    });
    const stdin = [
      lamp('oil.html'),
      { path: '/absent.html', url: 'https://other.example/', publisher: 'other' },
      { path: oil, url: 'https://other.example/x', publisher: 'other' },
      { path: oil },
      lamp('wicks.html'),
    ]
      .map((line) => JSON.stringify(line))
      .join('\n');
    const { code, stdout } = await cli(['inspect', 'page', '--batch'], { stdin });
    expect(code).toBe(0);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({ title: 'Oil is short' }),
      { error: expect.stringContaining('/absent.html cannot be read') },
      expect.objectContaining({ title: 'Oil is short' }),
      { error: expect.stringContaining('url is missing') },
      expect.objectContaining({ title: 'Wicks are long' }),
    ]);
  });

  it('leaves out what three pages of one publisher repeat, from the first of them too', async () => {
    const appeal =
      '<p>This paper lives on what its readers of the seven harbors put into the brown tin by the door.</p>' +
      '<p>A coin a week keeps one reporter in ink, and two keep the lamp over the press from going out.</p>' +
      '<p>Whoever can spare none may still tell a neighbor where the tin stands and what it is for.</p>';
    const html = readFileSync(oil, 'utf8').replace('</h1>', `</h1>${appeal}`);
    const home = mkdtempSync(join(tmpdir(), 'tamizdat-'));
    mkdirSync(join(home, 'publishers'));
    for (const id of ['daily-lamp', 'night-lamp'])
      writeFileSync(join(home, 'publishers', `${id}.yaml`), lampFile(id));
    const bodies = {
      oil: 'The oil lamps of the harbor burned low on Monday, when the third ship of the month did not come in.',
      soot: 'Chimney sweeps counted ninety bags of soot on the quay, which the market gardens will take by cart.',
      tallow:
        'A candle maker who lost his mold to the frost melts tallow in borrowed kettles until a smith has time.',
      wax: 'Beekeepers of the upper town bring wax to the chapel on Fridays, and go home with the stubs for the hives.',
    };
    const lines = Object.entries(bodies).map(([word, body]) => {
      const path = join(home, `${word}.html`);
      const paragraphs = `<p>${body}</p><p>Nobody could say how long the ${word} would last, though ${word.length} people were asked.</p>`;
      writeFileSync(path, html.replace(/<p>The lamps[\s\S]*<\/p>/, paragraphs));
      const publisher = word === 'wax' ? 'night-lamp' : 'daily-lamp';
      return JSON.stringify({ path, url: `https://lamp.example/${word}`, publisher });
    });
    const { stdout } = await cli(['inspect', 'page', '--batch', '--home', home], { stdin: lines.join('\n') });
    rmSync(home, { recursive: true });
    const texts = stdout
      .trimEnd()
      .split('\n')
      .map((line) => String(JSON.parse(line).content_text));
    expect(texts.map((text) => text.includes('the brown tin'))).toEqual([false, false, false, true]);
    expect(texts[0]).toContain('The oil lamps of the harbor');
  });
});
