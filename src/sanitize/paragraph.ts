import { openDirectionsClosed } from '../domain/close-directions.js';

/** An inline element that is open around a run of text. Compared by identity, so that split paragraphs reopen it. */
export interface Wrapper {
  tag: string;
  attrs: string;
}

export interface Run {
  kind: 'text' | 'br' | 'wbr';
  text: string;
  wrappers: readonly Wrapper[];
}

export function escapeText(text: string): string {
  return text.replace(/[&<>]/g, (char) => (char === '&' ? '&amp;' : char === '<' ? '&lt;' : '&gt;'));
}

export function escapeAttribute(text: string): string {
  return escapeText(text).replaceAll('"', '&quot;');
}

const FOLDED_SPACE = /[ \t\n\f\r\u2028\u2029]+/g;

/** Nothing a reader could see: spaces of any kind, zero-width marks, marks of direction. */
const INVISIBLE = /^[\s\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]*$/;

/** White space folded as a browser would show it, none at either end of a line. */
function fold(runs: readonly Run[]): Run[] {
  const folded: Run[] = [];
  let atSpace = true;
  for (const run of runs) {
    if (run.kind === 'br') {
      trimEnd(folded);
      folded.push(run);
      atSpace = true;
      continue;
    }
    if (run.kind === 'wbr') {
      folded.push(run);
      continue;
    }
    let text = run.text.replace(FOLDED_SPACE, ' ');
    if (atSpace && text.startsWith(' ')) text = text.slice(1);
    if (text === '') continue;
    atSpace = text.endsWith(' ');
    folded.push({ ...run, text });
  }
  trimEnd(folded);
  return folded;
}

function trimEnd(runs: Run[]): void {
  for (let last = runs.at(-1); last !== undefined && last.kind !== 'br'; last = runs.at(-1)) {
    const text = last.kind === 'wbr' ? '' : last.text.replace(/ +$/, '');
    runs.pop();
    if (text !== '') {
      runs.push({ ...last, text });
      return;
    }
  }
}

/** Runs as HTML, with one element around neighbours that share it. */
function write(runs: readonly Run[]): string {
  let html = '';
  let open: readonly Wrapper[] = [];
  const closing = openDirectionsClosed(runs.map(({ text }) => text).join(''));
  for (const run of [...runs, { kind: 'text', text: closing, wrappers: [] } as Run]) {
    let shared = 0;
    while (shared < open.length && open[shared] === run.wrappers[shared]) shared++;
    for (const wrapper of open.slice(shared).reverse()) html += `</${wrapper.tag}>`;
    for (const wrapper of run.wrappers.slice(shared)) html += `<${wrapper.tag}${wrapper.attrs}>`;
    html += run.kind === 'text' ? escapeText(run.text) : `<${run.kind} />`;
    open = run.wrappers;
  }
  return html;
}

function visible(runs: readonly Run[]): boolean {
  return runs.some((run) => run.kind === 'text' && !INVISIBLE.test(run.text));
}

/** The runs as one or more paragraphs: two line breaks in a row are how some editors end one. */
export function writeParagraphs(runs: readonly Run[]): string[] {
  const lines = split(fold(runs), (run) => run.kind === 'br');
  return split(lines, (line) => !visible(line)).flatMap((paragraph) =>
    paragraph.length === 0 ? [] : [write(joinLines(paragraph))],
  );
}

/** The runs as one line of phrasing content, with line breaks kept single; empty where nothing is visible. */
export function writePhrase(runs: readonly Run[]): string {
  const lines = split(fold(runs), (run) => run.kind === 'br').filter(visible);
  return write(joinLines(lines));
}

/** The runs with every space as it is. A line break at the very start would be eaten by a parser, so it goes. */
export function writePreformatted(runs: readonly Run[]): string {
  const lines: Run[] = runs.flatMap((run) =>
    run.kind === 'wbr' ? [] : [run.kind === 'br' ? { ...run, kind: 'text', text: '\n' } : run],
  );
  if (!visible(lines)) return '';
  const html = write(lines.filter((run) => run.text !== ''));
  return html.replace(/^\n+/, '').replace(/\s+$/, '');
}

function split<T>(items: readonly T[], isSeparator: (item: T) => boolean): T[][] {
  const parts: T[][] = [[]];
  for (const item of items) {
    if (isSeparator(item)) parts.push([]);
    else parts.at(-1)?.push(item);
  }
  return parts;
}

function joinLines(lines: readonly Run[][]): Run[] {
  return lines.flatMap((line, index): Run[] =>
    index === 0 ? line : [{ kind: 'br', text: '', wrappers: [] }, ...line],
  );
}
