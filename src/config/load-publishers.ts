import { readdirSync, readFileSync } from 'node:fs';
import { join, parse as parsePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { UsageError } from '../domain/errors.js';
import { isMissingFile } from '../domain/missing-file.js';
import type { Publisher } from '../domain/publisher.js';
import { withoutEmptySections } from './empty-sections.js';
import { explainIssues } from './explain.js';
import { nearest } from './nearest.js';
import { publisherSchema } from './publisher-schema.js';

/** The publishers this program ships, beside `src` and `dist` alike. */
export const BUILTIN_PUBLISHERS_DIR = fileURLToPath(new URL('../../data/publishers', import.meta.url));

export interface PublisherFolders {
  /** `data/publishers` of this repository. */
  builtinDir: string;
  /** The state folder: `<home>/publishers/*.yaml` add to ours or replace them. */
  homeDir: string;
  /** Of ours only these: a file is named after its publisher, and reading forty takes a third of a second of a start. */
  only?: readonly string[];
  /** `fetch.allow` of the config. */
  allow?: readonly string[];
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message.trim() : String(error));

function yamlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => /\.ya?ml$/.test(name) && !name.startsWith('.'))
      .sort()
      .map((name) => join(folder, name));
  } catch (error) {
    if (isMissingFile(error)) return [];
    throw new UsageError('publishers-unreadable', `${folder} cannot be read: ${messageOf(error)}`, {
      hint: 'Let this user read that folder, or name another state folder with --home or TAMIZDAT_HOME.',
      cause: error,
    });
  }
}

/**
 * Reads one publisher file.
 * @throws UsageError with one line for each wrong key: the key, the value, what is allowed, the file.
 */
export function loadPublisherFile(path: string, allow: readonly string[] = []): Publisher {
  let input: unknown;
  try {
    input = parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw new UsageError('publisher-unreadable', `${path} cannot be read: ${messageOf(error)}`, {
      hint: 'Mend that file, or take it out of the folder; docs/publishers.md has an example.',
      cause: error,
    });
  }
  const schema = publisherSchema(allow);
  const parsed = schema.safeParse(withoutEmptySections(schema, input));
  if (!parsed.success) {
    const lines = explainIssues(schema, input, parsed.error.issues, () => path);
    throw new UsageError('publisher-invalid', lines.join('\n'), {
      hint: 'docs/configuration.md lists every key.',
    });
  }
  return parsed.data;
}

/** Every publisher there is, by id, ours first; an operator's file of the same id replaces ours. */
export function loadPublishers({
  builtinDir,
  homeDir,
  only,
  allow = [],
}: PublisherFolders): Map<string, Publisher> {
  const publishers = new Map<string, Publisher>();
  for (const folder of [builtinDir, join(homeDir, 'publishers')]) {
    const files = new Map<string, string>();
    for (const path of yamlFilesIn(folder)) {
      if (folder === builtinDir && only !== undefined && !only.includes(parsePath(path).name)) continue;
      const publisher = loadPublisherFile(path, allow);
      const earlier = files.get(publisher.id);
      if (earlier !== undefined) {
        throw new UsageError(
          'publisher-twice',
          `id is "${publisher.id}" in both ${earlier} and ${path}; allowed: one file an id`,
        );
      }
      files.set(publisher.id, path);
      publishers.set(publisher.id, publisher);
    }
  }
  return publishers;
}

/**
 * The publishers with `ids`, in that order.
 * @throws UsageError naming an id that no file describes.
 */
export function choosePublishers(all: ReadonlyMap<string, Publisher>, ids: readonly string[]): Publisher[] {
  return ids.map((id) => {
    const publisher = all.get(id);
    if (publisher !== undefined) return publisher;
    const meant = nearest(id, [...all.keys()]);
    throw new UsageError('publisher-unknown', `there is no publisher "${id}"`, {
      hint: meant === null ? '`tamizdat publishers list` names those there are.' : `Did you mean ${meant}?`,
    });
  });
}
