/** A file of a signed tree as its path tells it. */
export interface SignedPath {
  /** The repository named in the path; null: the node's own. */
  repository: string | null;
  /** The path within the repository. */
  name: string;
  /** `mutable` and `rewritten` change under one name; the others never do. Only `mutable` ones are small for certain. */
  kind: 'mutable' | 'rewritten' | 'immutable';
  type: string;
  /** JSON and the log's lines shrink; hashes and pictures do not. */
  shrinks: boolean;
}

const MUTABLE = /^(?:head\.json|have\.json|tuf\/timestamp\.json|log\/checkpoint)$/;
/** Written anew when a line is added or taken away. */
const REWRITTEN = /^log\/(?:pack\/\d{6,9}\.ndjson|recent)\.gz$/;
const IMMUTABLE =
  /^(?:tuf\/\d{1,15}\.[a-z]{1,20}\.json|targets\/(?:log\/)?[0-9a-f]{64}\.[a-z]{1,20}(?:\.json)?|log\/tile\/(?:\d{1,2}|entries)\/(?:x\d{3}\/){0,4}\d{3}(?:\.p\/\d{1,3})?|blob\/[0-9a-f]{2}\/[0-9a-f]{64})$/;
const UNDER_SIGNED = /^\/signed\/(?:([a-z2-7]{16})\/)?(.*)$/;

/** Null for what is no name of the format (docs/formats.md): so no path leads out of the folder. */
export function parseSignedPath(path: string): SignedPath | null {
  const [, repository, name] = UNDER_SIGNED.exec(path) ?? [];
  if (name === undefined) return null;
  const kind = MUTABLE.test(name)
    ? 'mutable'
    : REWRITTEN.test(name)
      ? 'rewritten'
      : IMMUTABLE.test(name)
        ? 'immutable'
        : null;
  if (kind === null) return null;
  const isJson = name.endsWith('.json');
  const isText = name === 'log/checkpoint' || name.endsWith('.checkpoint');
  return {
    repository: repository ?? null,
    name,
    kind,
    type: isJson
      ? 'application/json'
      : isText
        ? 'text/plain; charset=utf-8'
        : kind === 'rewritten'
          ? 'application/gzip'
          : 'application/octet-stream',
    shrinks: isJson || isText || name.startsWith('log/tile/entries/') || name.endsWith('.front'),
  };
}
