/** What XML 1.0 (section 2.2) forbids: control characters but tab and line ends, lone surrogates, U+FFFE and U+FFFF. */
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must go
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\p{Surrogate}]/gu;

/** Text that any XML document may hold. */
export const xmlText = (text: string): string => text.replace(FORBIDDEN, '');

/** For the text of an element or an attribute in double quotes. */
export const escapeXml = (text: string): string =>
  xmlText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#13;');

/** Plain text as HTML, for the fields that readers take as HTML. */
export const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** HTML inside CDATA. `]]>` cannot stand there; in HTML `]]&gt;` is the same. */
export const cdata = (html: string): string => `<![CDATA[${xmlText(html).replaceAll(']]>', ']]&gt;')}]]>`;
