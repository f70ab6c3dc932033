import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { commentedYaml } from '../config/document.js';
import { loadConfig } from '../config/load.js';
import { BUILTIN_PUBLISHERS_DIR } from '../config/load-publishers.js';
import { makeFolder } from '../files/make-folder.js';
import { DEFAULT_ANSWERS, type InitAnswers } from './init-answers.js';

/** The configuration file that stands for the answers: only keys that differ from their defaults, each with its meaning. */
export function configOf(answers: InitAnswers): string {
  const { name, contact, publishers, join: followed, url, pictures, gigabytes } = answers;
  const isPublic = url !== null;
  const values = {
    ...(followed.length > 0 ? { join: [...followed] } : { publishers: [...publishers] }),
    site: { name, ...(contact === null ? {} : { contact }), ...(isPublic ? { urls: [url] } : {}) },
    ...(contact === null ? {} : { fetch: { userAgentContact: contact } }),
    // An onion service and a web server with a certificate both stand in front of this process; only the latter closes for it.
    ...(isPublic && url.startsWith('https:') ? { http: { edge: 'proxied' } } : {}),
    ...(pictures ? {} : { pictures: { mode: 'text-only' } }),
    ...(gigabytes === DEFAULT_ANSWERS.gigabytes ? {} : { limits: { bytesPerMonth: `${gigabytes}GB` } }),
  };
  return commentedYaml(values, [
    ' Made by `tamizdat init`. docs/configuration.md lists every key; `tamizdat config check` reads this file over.',
  ]);
}

/** Writes the file, what was there before kept beside it as `.old`. Throws what the file system and the schema throw. */
export function writeConfig(file: string, text: string): void {
  // A mistake of ours must not leave a file that no command can read.
  loadConfig({ argvFlags: { config: file }, env: {}, readFile: (path) => (path === file ? text : '') });
  makeFolder(dirname(file), 0o700);
  if (existsSync(file)) copyFileSync(file, `${file}.old`);
  writeFileSync(file, text, { mode: 0o600 });
}

/** Copies of our publisher files that show two paragraphs and the link. Answers those left alone, since the keeper's own stand there. */
export function writeTeasers(home: string, publishers: readonly string[]): { left: string[] } {
  const left: string[] = [];
  for (const id of publishers) {
    const file = join(home, 'publishers', `${id}.yaml`);
    if (existsSync(file)) {
      left.push(file);
      continue;
    }
    const document = parseDocument(readFileSync(join(BUILTIN_PUBLISHERS_DIR, `${id}.yaml`), 'utf8'));
    document.set('publish', 'teaser');
    makeFolder(dirname(file), 0o700);
    writeFileSync(file, document.toString({ lineWidth: 0 }));
  }
  return { left };
}
