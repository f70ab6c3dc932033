import { decodeHTMLStrict, escapeUTF8 } from 'entities';

/** No headline is longer; what follows would only cost time. */
const MAX_CHARS = 10_000;

/** Only real elements count as tags, so that `A<B>C` and `Review: <Untitled>` keep their words. */
const TAG =
  /<\/?(?:a|abbr|acronym|applet|article|aside|audio|b|base|bdi|bdo|big|blink|blockquote|body|br|button|caption|center|cite|code|col|dd|del|dfn|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map|mark|meta|nav|noscript|object|ol|option|p|param|picture|pre|q|rp|rt|ruby|s|samp|script|section|select|small|source|span|strike|strong|style|sub|sup|svg|table|tbody|td|textarea|tfoot|th|thead|time|title|tr|tt|u|ul|var|video|wbr)(?:\s[^<>]*)?\/?>/gi;

/** One line of text: white space folded, ends trimmed. */
export function foldSpace(text: string): string {
  return text.slice(0, MAX_CHARS).replace(/\s+/g, ' ').trim();
}

/** The words of an HTML fragment on one line: tags out, entities decoded once. For titles and names, never for display as HTML. */
export function htmlToLine(html: string): string {
  const source = html.slice(0, MAX_CHARS);
  if (!source.includes('<')) return foldSpace(decodeHTMLStrict(source));
  const shown = source.replace(/<(script|style)\b[^<>]*>[^<]*<\/\1>/gi, '');
  return foldSpace(
    decodeHTMLStrict(shown.replace(TAG, (tag) => (/^<\/?(?:br|p|div|li)\b/i.test(tag) ? ' ' : ''))),
  );
}

/** Plain text as HTML: an empty line ends a paragraph. Line breaks inside one are an editor's, as are an XML file's. */
export function textToHtml(text: string): string {
  return inParagraphs(escapeUTF8(text));
}

/** HTML without a tag, as some feeds send whole articles: its empty lines are all that tells the paragraphs. */
export function inParagraphs(html: string): string {
  const paragraphs = html.trim().split(/\n\s*\n/);
  return paragraphs.length === 1 ? html : paragraphs.map((one) => `<p>${one.trim()}</p>`).join('');
}
