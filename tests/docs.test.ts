import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('../', import.meta.url));
const documents = ['README.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)].filter(
  (name) => name.endsWith('.md'),
);
const files = ['src', 'tests', 'scripts'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((path) => `/${folder}/${path}`),
);

/** As GitHub makes anchors of headings: small letters, no punctuation, hyphens for blanks. */
const headingsOf = (text: string): string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );

describe.each(documents)('%s', (document) => {
  const text = readFileSync(join(root, document), 'utf8');

  it('links to nothing that is not there', () => {
    const targets = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, target = '']) => target);
    expect(
      targets.filter((target) => !existsSync(join(root, normalize(join(dirname(document), target))))),
    ).toEqual([]);
  });

  it('ends every code block that it begins', () => {
    expect(text.match(/^```/gm)?.length ?? 0).toSatisfy((fences: number) => fences % 2 === 0);
  });

  it('links to no heading that is not there', () => {
    const links = [...text.matchAll(/\]\(([^)#:]*)#([^)]+)\)/g)];
    const dead = links.filter(([, path, heading = '']) => {
      const file = path ? join(root, dirname(document), path) : join(root, document);
      return !headingsOf(readFileSync(file, 'utf8')).includes(heading);
    });
    expect(dead.map(([link]) => link)).toEqual([]);
  });

  it('names no source file that is not there', () => {
    const named = [...text.matchAll(/`([\w./-]+\.(?:ts|tsx|mjs))`/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !files.some((path) => path.endsWith(`/${name}`)))).toEqual([]);
  });
});

it('comments name no document that is not there', () => {
  const named = files
    .filter((path) => /\.(?:ts|tsx|mjs)$/.test(path))
    .flatMap((path) =>
      [...readFileSync(join(root, path), 'utf8').matchAll(/^ *(?:\/\*\*|\/\/|\*) .*$/gm)].flatMap(
        ([comment]) => [...comment.matchAll(/\b[\w/-]+\.md\b/g)].map(([name]) => ({ path, name })),
      ),
    );
  expect(named.filter(({ name }) => !documents.some((known) => known.endsWith(name)))).toEqual([]);
});
