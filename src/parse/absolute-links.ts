import { decodeHTMLStrict, escapeAttribute } from 'entities';
import { Tokenizer } from 'htmlparser2';

/** Attributes that hold a URL, or in `srcset` a list of them. */
const URL_ATTRIBUTES = new Set(['href', 'src', 'poster', 'cite', 'data', 'longdesc', 'action', 'srcset']);

/** How much longer all of a text's links may make it: thousands of them. Links past that stay relative. */
const MAX_GROWTH_CHARS = 1_000_000;

const ignore = () => {};

/** The same HTML with relative links made absolute against `base`. Nothing else is touched: cleaning is the sanitizer's. */
export function absoluteLinks(html: string, base: string | null): string {
  if (base === null || !html.includes('<')) return html;
  let result = '';
  let copied = 0;
  let name = '';
  let valueStart = -1;
  let valueEnd = -1;

  const tokenizer = new Tokenizer(
    { decodeEntities: false },
    {
      onattribname(start, end) {
        name = html.slice(start, end).toLowerCase();
        valueStart = -1;
      },
      onattribdata(start, end) {
        if (valueStart === -1) valueStart = start;
        valueEnd = end;
      },
      onattribend() {
        if (valueStart === -1 || !URL_ATTRIBUTES.has(name)) return;
        if (result.length - copied > MAX_GROWTH_CHARS) return;
        const value = decodeHTMLStrict(html.slice(valueStart, valueEnd));
        const absolute = absoluteAttribute(name, value, base);
        if (absolute === value) return;
        result += html.slice(copied, valueStart) + escapeAttribute(absolute);
        copied = valueEnd;
      },
      onattribentity: ignore,
      oncdata: ignore,
      onclosetag: ignore,
      oncomment: ignore,
      ondeclaration: ignore,
      onend: ignore,
      onopentagend: ignore,
      onopentagname: ignore,
      onprocessinginstruction: ignore,
      onselfclosingtag: ignore,
      ontext: ignore,
      ontextentity: ignore,
    },
  );
  tokenizer.write(html);
  tokenizer.end();
  return result + html.slice(copied);
}

/** The value of one attribute, absolute where the attribute holds URLs. */
export function absoluteAttribute(name: string, value: string, base: string | null): string {
  if (base === null || !URL_ATTRIBUTES.has(name)) return value;
  if (name !== 'srcset') return absoluteUrl(value, base);
  return value.replace(
    /(^|,)(\s*)([^\s,]+)/g,
    (_all, comma, space, url) => comma + space + absoluteUrl(url, base),
  );
}

function absoluteUrl(value: string, base: string): string {
  const trimmed = value.trim();
  // A fragment points into this very text, and stays so on our page; other schemes are the sanitizer's to judge.
  if (trimmed === '' || trimmed.startsWith('#') || /^[a-z][a-z0-9+.-]*:/i.test(trimmed)) return value;
  try {
    return new URL(trimmed, base).href;
  } catch {
    return value;
  }
}
