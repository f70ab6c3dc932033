/** One document of the tree, rendered and not yet compressed. */
export interface Document {
  path: string;
  status: 200 | 404 | 410;
  type: string;
  text: string;
  /** Contains the origin's stand-in. */
  absolute: boolean;
  /** `line`: must fit the line. `free`: outside the budget; its size is said where it is linked. */
  budget: 'line' | 'free';
}

/** What rendering one group gave. */
export interface RenderedGroup {
  documents: readonly Document[];
  /** Documents of the group that are not among these are gone. */
  complete: boolean;
  /** Where it is not complete: paths that are gone all the same. */
  gone?: readonly string[];
}

/** Those of a group's paths whose number is past the last one there is: `.../p7/`, `.../history/7.xml`. */
export const pathsPast = (paths: readonly string[], last: number): string[] =>
  paths.filter((path) => Number(/\/(?:p|history\/)(\d+)(?:\/|\.xml)$/.exec(path)?.[1] ?? 0) > last);

/** Those of a group's paths whose number is one of `from` to `to` and not among those there are. */
export const pathsBetween = (
  paths: readonly string[],
  [from, to]: readonly [number, number],
  there: ReadonlySet<number>,
): string[] =>
  paths.filter((path) => {
    const number = Number(/\/(?:p|history\/)(\d+)(?:\/|\.xml)$/.exec(path)?.[1] ?? 0);
    return number >= Math.max(1, from) && number <= to && !there.has(number);
  });

export const HTML = 'text/html; charset=utf-8';
export const JSON_TYPE = 'application/json; charset=utf-8';

export const page = (path: string, text: string, status: Document['status'] = 200): Document => ({
  path,
  status,
  type: HTML,
  text,
  absolute: false,
  budget: 'line',
});
