/** More bytes than this are no page for a person, however they are encoded: the extractor reads 8,000,000 characters. */
const MAX_PAGE_BYTES = 24_000_000;
const SNIFFED_BYTES = 2_048;
/** A text has next to none of these; pictures and archives are full of them. Tab, line feed, form feed and return are text. */
const MAX_CONTROL_SHARE = 0.1;

const SIGNATURES: readonly (readonly [string, string])[] = [
  ['%PDF-', 'a PDF document'],
  ['\x89PNG', 'a picture (PNG)'],
  ['\xff\xd8\xff', 'a picture (JPEG)'],
  ['GIF8', 'a picture (GIF)'],
  ['RIFF', 'a picture or recording (RIFF)'],
  ['PK\x03\x04', 'a ZIP archive'],
  ['\x1f\x8b', 'gzip within gzip, or gzip that its sender did not declare'],
  ['ID3', 'a recording (MP3)'],
];

/** Why these bytes are no HTML page, in words that follow "no article:"; null where they may be one. */
export function whyNoPage(bytes: Uint8Array): string | null {
  if (bytes.length > MAX_PAGE_BYTES) return `longer than ${MAX_PAGE_BYTES} bytes`;
  const start = Buffer.from(bytes.subarray(0, SNIFFED_BYTES)).toString('latin1');
  const signed = SIGNATURES.find(([signature]) => start.startsWith(signature));
  if (signed !== undefined) return `no HTML page, but ${signed[1]}`;
  // UTF-16 is half zero bytes; its mark says so.
  if (!/^(?:\xff\xfe|\xfe\xff)/.test(start) && controlsIn(start) > MAX_CONTROL_SHARE * start.length)
    return 'no HTML page, but binary data';
  return isJson(bytes, start) ? 'no HTML page, but JSON' : null;
}

function controlsIn(text: string): number {
  let count = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 && code !== 9 && code !== 10 && code !== 12 && code !== 13) count++;
  }
  return count;
}

function isJson(bytes: Uint8Array, start: string): boolean {
  if (!/^(?:\xef\xbb\xbf)?\s*(?:\{\s*["}]|\[\s*[[{"\d\]])/.test(start)) return false;
  try {
    JSON.parse(Buffer.from(bytes).toString('utf8'));
    return true;
  } catch {
    return false;
  }
}
