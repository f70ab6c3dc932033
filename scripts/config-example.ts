// Writes config.example.yaml and the tables of docs/configuration.md from the schema.
import { readFileSync, writeFileSync } from 'node:fs';
import { exampleYaml, withTables } from '../src/config/document.js';

const docs = new URL('../docs/configuration.md', import.meta.url);
writeFileSync(new URL('../config.example.yaml', import.meta.url), exampleYaml());
writeFileSync(docs, withTables(readFileSync(docs, 'utf8')));
