/** Elements whose content is no text, by the letters after `<`. JSON-LD is kept: it describes the article. */
const OPENING = /<(?:!--|([sS](?:[cC][rR][iI][pP][tT]|[tT][yY][lL][eE]|[vV][gG]))(?=[\s/>]))/g;

/**
 * The page without scripts, styles, drawings and comments. They are most of a page's bytes and none of its text, and finding
 * their ends is much cheaper than parsing them. One that never ends takes the rest of the page with it, as in a browser.
 */
export function stripScripts(html: string): string {
  let text = '';
  let from = 0;
  OPENING.lastIndex = 0;
  for (let match = OPENING.exec(html); match !== null; match = OPENING.exec(html)) {
    const name = match[1]?.toLowerCase();
    const end = name === undefined ? endOfComment(html, match.index) : endOfElement(html, match.index, name);
    if (name === 'script' && /^[^>]{0,300}ld\+json/i.test(html.slice(match.index, match.index + 320))) {
      OPENING.lastIndex = end;
      continue;
    }
    text += html.slice(from, match.index);
    from = end;
    OPENING.lastIndex = end;
  }
  return text + html.slice(from);
}

function endOfComment(html: string, from: number): number {
  if (/^<!--(?:-?>)/.test(html.slice(from, from + 6))) return html.indexOf('>', from) + 1;
  const end = html.indexOf('-->', from + 4);
  return end === -1 ? html.length : end + 3;
}

function endOfElement(html: string, from: number, name: string): number {
  const closing =
    name === 'script' ? /<\/script[^>]*>/gi : name === 'style' ? /<\/style[^>]*>/gi : /<\/svg[^>]*>/gi;
  closing.lastIndex = from;
  const match = closing.exec(html);
  return match === null ? (name === 'svg' ? endOfTag(html, from) : html.length) : closing.lastIndex;
}

function endOfTag(html: string, from: number): number {
  const end = html.indexOf('>', from);
  return end === -1 ? html.length : end + 1;
}
