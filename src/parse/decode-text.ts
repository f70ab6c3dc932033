import { sniffCharset } from './sniff-charset.js';

export interface DecodedText {
  text: string;
  /** WHATWG name of the encoding used, or `utf-32le`/`utf-32be`. */
  charset: string;
  /** `charset guessed: windows-1251`, `wrong bytes for utf-8`, ... */
  problems: readonly string[];
}

/** How far into the bytes a declaration is looked for: the HTML standard's 1,024, doubled for long comments. */
const HEAD_BYTES = 2048;

/** Text of an XML or JSON document. First what the bytes prove, then what HTTP says, then what the document says, then a guess. */
export function decodeText(bytes: Uint8Array, contentType: string | null): DecodedText {
  return decode(bytes, contentType, (head) => /<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]+)/i.exec(head)?.[1]);
}

/** Text of an HTML page: as `decodeText`, with `<meta charset>` and `<meta http-equiv>` as the document's word. */
export function decodeHtml(bytes: Uint8Array, contentType: string | null): DecodedText {
  return decode(
    bytes,
    contentType,
    (head) =>
      /<meta\s[^>]*?charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(head)?.[1] ??
      /<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]+)/i.exec(head)?.[1],
  );
}

function decode(
  bytes: Uint8Array,
  contentType: string | null,
  declaredIn: (head: string) => string | undefined,
): DecodedText {
  const wide = wideCharset(bytes);
  if (wide !== null) return { text: decodeWide(bytes, wide), charset: wide, problems: [] };

  const head = new TextDecoder('windows-1252').decode(bytes.subarray(0, HEAD_BYTES));
  const said = [charsetOfHeader(contentType), declaredIn(head)];
  // Latin-1 in HTTP is a server's default; a document that names its charset knows better.
  if (/^(?:iso-?8859-1|latin-?1|us-ascii)$/i.test(said[0] ?? '')) said.reverse();
  const named = said.filter((label) => label !== undefined);
  const declared = named.map(encodingOf).filter((encoding) => encoding !== null);
  const unknown = named.length > declared.length ? [`unknown charset: ${named.join(', ').slice(0, 60)}`] : [];

  // Valid multi-byte UTF-8 does not happen by accident, while servers add `charset=iso-8859-1` to everything.
  const utf8 = tryDecode(bytes, 'utf-8');
  if (utf8 !== null && (declared.length === 0 || isSingleByte(declared[0] ?? ''))) {
    const overruled = declared.length > 0 && !isAscii(bytes);
    return {
      text: utf8,
      charset: 'utf-8',
      problems: overruled ? [`charset is utf-8, not ${declared[0]}`] : unknown,
    };
  }
  for (const charset of declared) {
    const text = tryDecode(bytes, charset);
    if (text !== null) return { text, charset, problems: unknown };
  }
  if ((declared.length === 0 || declared.includes('utf-8')) && mostlyUtf8(bytes)) {
    const text = decodeAs(bytes, 'utf-8');
    return { text, charset: 'utf-8', problems: [...unknown, 'wrong bytes for utf-8'] };
  }
  const charset = sniffCharset(bytes) ?? declared[0] ?? 'windows-1252';
  const text = decodeAs(bytes, charset);
  return { text, charset, problems: [...unknown, `charset guessed: ${charset}`] };
}

/** Byte order marks, and the zero bytes that UTF-16 and UTF-32 put around the first `<` or `{`. XML 1.0 appendix F. */
function wideCharset(bytes: Uint8Array): string | null {
  const [a, b, c, d] = bytes;
  if (a === 0xff && b === 0xfe && c === 0 && d === 0) return 'utf-32le';
  if (a === 0 && b === 0 && c === 0xfe && d === 0xff) return 'utf-32be';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  const isOpener = (byte: number | undefined) => byte === 0x3c || byte === 0x7b;
  if (isOpener(a) && b === 0) return c === 0 && d === 0 ? 'utf-32le' : 'utf-16le';
  if (a === 0 && isOpener(b)) return 'utf-16be';
  if (a === 0 && b === 0 && c === 0 && isOpener(d)) return 'utf-32be';
  return null;
}

function decodeWide(bytes: Uint8Array, charset: string): string {
  if (!charset.startsWith('utf-32')) return new TextDecoder(charset).decode(bytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = charset === 'utf-32le';
  let text = '';
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) {
    const point = view.getUint32(at, little);
    const wrong = point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff);
    text += wrong ? '\ufffd' : String.fromCodePoint(point);
  }
  return text.replace(/^\ufeff/, '');
}

function charsetOfHeader(contentType: string | null): string | undefined {
  return contentType === null ? undefined : /charset\s*=\s*["']?\s*([\w:.-]+)/i.exec(contentType)?.[1];
}

function encodingOf(label: string): string | null {
  // A document whose declaration could be read byte by byte is not UTF-16, whatever it says.
  if (/^utf-?(?:16|32)|^ucs/i.test(label.trim())) return 'utf-8';
  try {
    return new TextDecoder(label).encoding;
  } catch {
    return null;
  }
}

function tryDecode(bytes: Uint8Array, charset: string): string | null {
  try {
    return decodeAs(bytes, charset, true);
  } catch {
    return null;
  }
}

/** What windows-1252 has at 0x80 to 0x9f. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** TextDecoder, with the 32 characters that Node 20 to 22 forget in windows-1252 (it decodes Latin-1 in its stead). */
function decodeAs(bytes: Uint8Array, charset: string, fatal = false): string {
  const text = new TextDecoder(charset, { fatal }).decode(bytes);
  if (charset !== 'windows-1252') return text;
  return text.replace(/[\u0080-\u009f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80] ?? char);
}

function isSingleByte(charset: string): boolean {
  return /^(?:windows-|iso-8859-|koi8-|ibm866|macintosh|x-mac-)/.test(charset);
}

function isAscii(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte < 0x80);
}

/** A few broken characters (a cut in the middle of one, a stray byte) do not make a text another charset. */
function mostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder('utf-8').decode(bytes);
  let broken = 0;
  let good = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0xfffd) broken++;
    else if (code > 0x7f) good++;
  }
  return good >= broken * 4;
}
