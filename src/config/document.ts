import { Document, isMap, type YAMLMap } from 'yaml';
import type { z } from 'zod';
import { KNOWN_KEYS } from './environment.js';
import { itemOf, keysOf } from './explain.js';
import { keyFacts } from './keys.js';
import { publisherSchema } from './publisher-schema.js';

function describe(map: YAMLMap, names: readonly string[]): void {
  for (const pair of map.items) {
    const path = [...names, String((pair.key as { value: unknown }).value)];
    const known = KNOWN_KEYS.find((one) => one.path.join('.') === path.join('.'));
    const key = pair.key as { commentBefore?: string; spaceBefore?: boolean };
    if (known !== undefined) key.commentBefore = ` ${known.facts.doc}\n Allowed: ${known.facts.allowed}.`;
    if (path.length === 1 && path[0] !== 'home') key.spaceBefore = true;
    if (isMap(pair.value)) describe(pair.value, path);
  }
}

/** `config.example.yaml`: every key with what it means, what is allowed, and its default as the value. */
export function exampleYaml(): string {
  const values: Record<string, unknown> = {};
  for (const { path, facts } of KNOWN_KEYS) {
    const [name, inner] = path;
    if (inner === undefined) values[name] = facts.fallback;
    else values[name] = { ...(values[name] as object | undefined), [inner]: facts.fallback };
  }
  return commentedYaml(values, [
    ' Every key with its default. Copy what you change to <home>/config.yaml, or name a file with --config.',
    ' TAMIZDAT_<SECTION>_<KEY> in the environment wins over the file, a flag wins over both.',
    ' Made from src/config/schema.ts by `npm run config:example`.',
  ]);
}

/** Keys of the configuration with their values, each under what it means and what is allowed; `head` stands before them all. */
export function commentedYaml(values: Readonly<Record<string, unknown>>, head: readonly string[]): string {
  const document = new Document(values);
  document.commentBefore = head.join('\n');
  if (isMap(document.contents)) describe(document.contents, []);
  return document.toString({ lineWidth: 0 });
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('*', '\\*');
const row = (...cells: string[]) => `| ${cells.join(' | ')} |`;
const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;

/** Every key of the configuration as a Markdown table. */
function settingsTable(): string {
  const rows = KNOWN_KEYS.map(({ path, variable, facts }) =>
    row(code(path.join('.')), cell(facts.doc), cell(facts.allowed), code(facts.fallback), code(variable)),
  );
  return [
    row('key', 'what it is', 'allowed', 'default', 'environment'),
    row('---', '---', '---', '---', '---'),
    ...rows,
  ].join('\n');
}

/** A list stands in the table as `sources[].url`. */
const isListOfSections = (schema: z.core.$ZodType) =>
  keysOf(schema) === null && keysOf(itemOf(schema)) !== null;

function publisherRows(schema: z.core.$ZodType, before: string): string[] {
  return Object.entries(keysOf(itemOf(schema)) ?? {}).flatMap(([name, inner]) => {
    const facts = keyFacts.get(inner as z.ZodType);
    const path = `${before}${name}`;
    const own =
      facts === undefined
        ? []
        : [
            row(
              code(path),
              cell(facts.doc),
              cell(facts.allowed),
              facts.fallback === undefined ? 'must be given' : code(facts.fallback),
            ),
          ];
    return [...own, ...publisherRows(inner, `${path}${isListOfSections(inner) ? '[]' : ''}.`)];
  });
}

/** Every key of a publisher file as a Markdown table. */
function publisherTable(schema: z.core.$ZodType): string {
  return [
    row('key', 'what it is', 'allowed', 'default'),
    row('---', '---', '---', '---'),
    ...publisherRows(schema, ''),
  ].join('\n');
}

const TABLES: Readonly<Record<string, () => string>> = {
  settings: settingsTable,
  publishers: () => publisherTable(publisherSchema([])),
};

/** `markdown` with what stands between `<!-- table: NAME -->` and `<!-- end -->` made anew from the schemas. */
export const withTables = (markdown: string): string =>
  markdown.replace(
    /(<!-- table: (\w+) -->\n\n).*?(\n\n<!-- end -->)/gs,
    (_, start, name, end) => start + (TABLES[name]?.() ?? '') + end,
  );
