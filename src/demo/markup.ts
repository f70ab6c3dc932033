import { escapeText } from './escape-text.js';

/** A body in pieces, since pages and the full-text feed treat the kinds differently. */
export type Block =
  | { kind: 'text' | 'header' | 'quote' | 'table' | 'code'; html: string }
  | { kind: 'image'; picture: string; caption: string }
  | { kind: 'embed'; label: string; href: string }
  /** Opens an entry of a live blog; `minutes` after publication. */
  | { kind: 'entry'; minutes: number; title: string };

/**
 * The demo's own small markup: blocks between blank lines. `## heading`, `> quote`, `- item`, `1. item`, `| cell |`
 * (first row is the head), three backticks round code, `![caption](picture)`, `!embed [label](href)`,
 * `@ 35 title` (live entry). Anything else is a paragraph.
 */
export function parseMarkup(body: string): Block[] {
  const chunks: string[][] = [[]];
  let inCode = false;
  for (const line of body.split('\n')) {
    if (line.startsWith('```')) inCode = !inCode;
    if (line.trim() === '' && !inCode) chunks.push([]);
    else chunks.at(-1)?.push(line);
  }
  return chunks.filter((lines) => lines.length > 0).map(parseBlock);
}

function parseBlock(lines: readonly string[]): Block {
  const chunk = lines.join('\n');
  const image = /^!\[([^\]]*)\]\(([a-z0-9-]+)\)$/.exec(chunk);
  if (image) return { kind: 'image', caption: image[1] ?? '', picture: image[2] ?? '' };
  const embed = /^!embed \[([^\]]*)\]\(([^)]*)\)$/.exec(chunk);
  if (embed) return { kind: 'embed', label: embed[1] ?? '', href: embed[2] ?? '' };
  const entry = /^@ (\d+) (.*)$/.exec(chunk);
  if (entry) return { kind: 'entry', minutes: Number(entry[1]), title: entry[2] ?? '' };
  if (chunk.startsWith('## ')) return { kind: 'header', html: `<h2>${inline(chunk.slice(3))}</h2>` };
  if (chunk.startsWith('```')) {
    return { kind: 'code', html: `<pre><code>${escapeText(lines.slice(1, -1).join('\n'))}</code></pre>` };
  }
  if (chunk.startsWith('> ')) {
    const words = lines.map((line) => line.replace(/^> ?/, '')).join(' ');
    return { kind: 'quote', html: `<blockquote><p>${inline(words)}</p></blockquote>` };
  }
  if (chunk.startsWith('- ')) return { kind: 'text', html: list('ul', lines, /^- /) };
  if (/^\d+\. /.test(chunk)) return { kind: 'text', html: list('ol', lines, /^\d+\. /) };
  if (chunk.startsWith('| ')) return { kind: 'table', html: table(lines) };
  return { kind: 'text', html: `<p>${inline(lines.join(' '))}</p>` };
}

function list(tag: 'ul' | 'ol', lines: readonly string[], marker: RegExp): string {
  const items = lines.map((line) => `<li>${inline(line.replace(marker, ''))}</li>`);
  return `<${tag}>${items.join('')}</${tag}>`;
}

function table(lines: readonly string[]): string {
  const [head = [], ...rows] = lines.map((line) =>
    line
      .replace(/^\||\|$/g, '')
      .split('|')
      .map((cell) => inline(cell.trim())),
  );
  const row = (cells: readonly string[], tag: 'th' | 'td') =>
    `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join('')}</tr>`;
  return `<table><thead>${row(head, 'th')}</thead><tbody>${rows.map((cells) => row(cells, 'td')).join('')}</tbody></table>`;
}

function inline(text: string): string {
  return escapeText(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\*([^*]+)\*/g, '<em>$1</em>')
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, '<a href="$2">$1</a>');
}
