import { analyse } from 'chardet';

/** Enough letters for n-gram statistics, few enough to cost nothing. */
const SAMPLE_BYTES = 65_536;

/** Charsets of languages whose letters are ASCII but for a few. */
const LATIN = /^(?:ISO-8859-(?:1|2|9|15)|windows-125[024])$/i;

/**
 * The likeliest charset of bytes that are not UTF-8; null where nothing speaks for any. The statistics are `chardet`'s
 * (ICU's tables); what they see is only words with letters beyond ASCII, since tags and addresses would drown a short headline.
 */
export function sniffCharset(bytes: Uint8Array): string | null {
  const words = wordsBeyondAscii(bytes);
  const latin = !lettersStandTogether(words);
  for (const { name } of analyse(latin ? withoutMarkup(bytes) : words)) {
    if (/^UTF-|^ISO-2022|^ASCII/i.test(name) || (!latin && LATIN.test(name))) continue;
    // The same letters, and Ukraine's where the Russian table has lines for drawing boxes.
    if (name === 'KOI8-R') return 'koi8-u';
    try {
      return new TextDecoder(name).encoding;
    } catch {
      // A charset TextDecoder does not know: the next likeliest.
    }
  }
  return null;
}

/** Whether most bytes beyond ASCII have one beside them on each side: so in Cyrillic or Chinese, never in French. */
function lettersStandTogether(bytes: Uint8Array): boolean {
  let all = 0;
  let inside = 0;
  for (let at = 0; at < bytes.length; at++) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    all++;
    if ((bytes[at - 1] ?? 0) >= 0x80 && (bytes[at + 1] ?? 0) >= 0x80) inside++;
  }
  return inside * 2 > all;
}

function wordsBeyondAscii(bytes: Uint8Array): Uint8Array {
  const kept = new Uint8Array(Math.min(bytes.length + 1, SAMPLE_BYTES));
  let length = 0;
  let start = 0;
  let beyond = false;
  for (let at = 0; at <= bytes.length && length < kept.length; at++) {
    const byte = bytes[at] ?? 0x20;
    if (byte >= 0x80) beyond = true;
    // From 0x40 on, a byte may be the second half of a character in Shift_JIS, Big5 or GB18030.
    if (byte >= 0x40) continue;
    if (beyond) {
      const word = bytes.subarray(start, Math.min(at, start + kept.length - length - 1));
      kept.set(word, length);
      length += word.length;
      kept[length++] = 0x20;
    }
    start = at + 1;
    beyond = false;
  }
  return kept.subarray(0, length);
}

/** Tags are ASCII in every charset here. */
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
