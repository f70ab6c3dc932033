import { analyse } from 'chardet';

/** Enough letters for n-gram statistics, few enough to cost nothing. */
const SAMPLE_BYTES = 65_536;

/** The likeliest charset of bytes that are not UTF-8, by the letters between the tags; null where nothing speaks for any. */
export function sniffCharset(bytes: Uint8Array): string | null {
  for (const { name } of analyse(withoutMarkup(bytes))) {
    if (/^UTF-|^ISO-2022|^ASCII/i.test(name)) continue;
    try {
      return new TextDecoder(name).encoding;
    } catch {
      // A charset TextDecoder does not know: the next likeliest.
    }
  }
  return null;
}

/** Tags are ASCII in every charset here and would drown the letters that tell them apart. */
function withoutMarkup(bytes: Uint8Array): Uint8Array {
  const kept = new Uint8Array(Math.min(bytes.length, SAMPLE_BYTES));
  let length = 0;
  let inTag = false;
  for (const byte of bytes) {
    if (length === kept.length) break;
    if (byte === 0x3c) inTag = true;
    if (!inTag) kept[length++] = byte;
    if (byte === 0x3e) inTag = false;
  }
  return kept.subarray(0, length);
}
