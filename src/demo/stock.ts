import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { TamizdatError } from '../domain/errors.js';
import { DEMO_LANGUAGES, type DemoLanguage } from './story.js';

const DEMO_FOLDER = fileURLToPath(new URL('../../data/demo/', import.meta.url));

const FrontMatter = z.strictObject({
  id: z.int().min(1000).max(9999),
  slug: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
  title: z.string().min(1),
  subtitle: z.string().default(''),
  summary: z.string().min(1),
  /** Key of the desk in newsroom.yaml. */
  desk: z.string(),
  /** Key of the section in newsroom.yaml. */
  section: z.string(),
  kind: z.enum(['article', 'opinion', 'gallery', 'live']).default('article'),
  tags: z.array(z.string()).default([]),
  /** Name of a drawing in pictures/. */
  picture: z.string().nullable().default(null),
  /** How old the text is when the newsroom opens. */
  hoursOld: z.number().positive().max(100),
  /** What the desk does to the text later on, to show a correction at work. */
  edit: z
    .strictObject({ title: z.string(), slug: z.string(), paragraph: z.string() })
    .nullable()
    .default(null),
  /** Taken back later on, to show a withdrawal at work. */
  withdraw: z.boolean().default(false),
});
export type FoundingArticle = z.infer<typeof FrontMatter> & { language: DemoLanguage; body: string };

const Short = z.strictObject({
  slug: z.string(),
  section: z.string(),
  titles: z.array(z.string()).min(2),
  paragraphs: z.array(z.string()).min(3),
});

/** A sentence with `{w}` for each word drawn by lot. */
const lots = z.array(z.string().regex(/\{w\}/)).min(2);

const Shorts = z.strictObject({
  /** `{n}` is the running number, `{title}` the topic's title. */
  headline: z.string(),
  editedHeadline: z.string(),
  summary: z.string(),
  correction: z.string(),
  topics: z.array(Short).min(6),
  closings: z.array(z.string()).min(3),
  /** What makes a note unlike all others. */
  lots: z.strictObject({ opening: lots, between: lots, closing: lots, words: z.array(z.string()).min(40) }),
});
export type Shorts = z.infer<typeof Shorts>;

const Furniture = z.strictObject({
  name: z.string(),
  tagline: z.string(),
  credit: z.string(),
  desks: z.record(z.string(), z.string()),
  sections: z.record(z.string(), z.string()),
  menu: z.string(),
  search: z.string(),
  about: z.string(),
  published: z.string(),
  updated: z.string(),
  donation: z.strictObject({
    title: z.string(),
    text: z.string(),
    choices: z.array(z.string()),
    button: z.string(),
    later: z.string(),
  }),
  newsletter: z.strictObject({ title: z.string(), text: z.string(), button: z.string() }),
  letter: z.strictObject({ title: z.string(), paragraphs: z.array(z.string()) }),
  share: z.string(),
  related: z.string(),
  tags: z.string(),
  next: z.string(),
  opinionNote: z.string(),
  withdrawn: z.string(),
  missing: z.string(),
  footer: z.string(),
});
export type Furniture = z.infer<typeof Furniture>;

const Captions = z.record(
  z.string(),
  z.strictObject({ en: z.string(), ru: z.string(), fa: z.string(), zh: z.string() }),
);
type Captions = z.infer<typeof Captions>;

export interface Stock {
  /** Every text that is there when the newsroom opens. */
  founding: readonly FoundingArticle[];
  /** What later notes are made of. */
  shorts: Readonly<Record<DemoLanguage, Shorts>>;
  /** The words round the texts: menus, donation, newsletter. */
  furniture: Readonly<Record<DemoLanguage, Furniture>>;
  /** Captions by drawing and language. */
  captions: Captions;
  /** Drawings by name, as SVG. */
  pictures: ReadonlyMap<string, Buffer>;
}

/** Reads `data/demo/`. Throws `TamizdatError` naming the file when one is not as it should be. */
export function loadStock(folder = DEMO_FOLDER): Stock {
  const pictures = new Map(
    readdirSync(`${folder}pictures`)
      .filter((name) => name.endsWith('.svg'))
      .map((name) => [name.replace('.svg', ''), readFileSync(`${folder}pictures/${name}`)] as const),
  );
  return {
    founding: DEMO_LANGUAGES.flatMap((language) => foundingArticles(folder, language)),
    shorts: byLanguage((language) => readYaml(`${folder}shorts/${language}.yaml`, Shorts)),
    furniture: byLanguage((language) => readYaml(`${folder}furniture/${language}.yaml`, Furniture)),
    captions: readYaml(`${folder}pictures/captions.yaml`, Captions),
    pictures,
  };
}

function byLanguage<T>(read: (language: DemoLanguage) => T): Record<DemoLanguage, T> {
  return { en: read('en'), ru: read('ru'), fa: read('fa'), zh: read('zh') };
}

function foundingArticles(folder: string, language: DemoLanguage): FoundingArticle[] {
  return readdirSync(`${folder}articles/${language}`)
    .filter((name) => name.endsWith('.md'))
    .sort()
    .map((name) => {
      const file = `${folder}articles/${language}/${name}`;
      const [, front, body] = /^---\n(.*?)\n---\n(.*)$/s.exec(readFileSync(file, 'utf8')) ?? [];
      if (front === undefined || body === undefined) throw unreadable(file, 'no front matter');
      return { ...checked(file, FrontMatter, front), language, body: body.trim() };
    });
}

function readYaml<T extends z.ZodType>(file: string, schema: T): z.infer<T> {
  return checked(file, schema, readFileSync(file, 'utf8'));
}

function checked<T extends z.ZodType>(file: string, schema: T, text: string): z.infer<T> {
  const result = schema.safeParse(parse(text));
  if (!result.success) throw unreadable(file, z.prettifyError(result.error));
  return result.data;
}

function unreadable(file: string, reason: string): TamizdatError {
  return new TamizdatError('demo-unreadable', `The demo's ${file} is not as it should be: ${reason}`, {
    hint: 'Restore data/demo from the repository.',
  });
}
