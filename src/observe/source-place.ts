import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { posix } from 'node:path';

/**
 * The place in our sources that a place in the bundle came from, as `src/cli/serve.ts:12:5`: by the map that the build wrote beside the
 * file. Null where there is none, as for a file that was not bundled. `line` and `column` count from 1, as a stack tells them.
 */
export function sourcePlace(file: string, line: number, column: number): string | null {
  let map: SourceMap;
  try {
    map = new SourceMap(JSON.parse(readFileSync(`${file}.map`, 'utf8')) as SourceMapPayload);
  } catch {
    return null;
  }
  const entry = map.findEntry(line - 1, column - 1);
  if (!('originalSource' in entry)) return null;
  // Relative to the bundle, which lies two folders deep.
  const source = posix.join('dist/parts', entry.originalSource);
  return `${source}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
