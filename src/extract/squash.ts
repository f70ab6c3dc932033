/** Beyond these a character takes two units, which says nothing by halves. */
const SURROGATE = 0xd800;
const PRIVATE_USE = 0xe000;
const UNKNOWN = 255;

/** Whether each UTF-16 code unit is a letter or a number, found once: every block of every page is asked for. */
const kept = new Uint8Array(65_536).fill(UNKNOWN);

let units = new Uint16Array(4_096);
let bytes = Buffer.alloc(4_096);

/** Letters and digits only, in lower case. */
export function squash(text: string): string {
  const lower = text.toLowerCase();
  if (units.length < lower.length) {
    units = new Uint16Array(2 * lower.length);
    bytes = Buffer.alloc(2 * lower.length);
  }
  let end = 0;
  let bits = 0;
  for (let at = 0; at < lower.length; at++) {
    const code = lower.charCodeAt(at);
    if (code >= SURROGATE && code < PRIVATE_USE) return lower.replace(/[^\p{L}\p{N}]+/gu, '');
    let isKept = kept[code];
    if (isKept === UNKNOWN) {
      isKept = /[\p{L}\p{N}]/u.test(String.fromCharCode(code)) ? 1 : 0;
      kept[code] = isKept;
    }
    if (isKept === 0) continue;
    bits |= code;
    bytes[end] = code;
    units[end++] = code;
  }
  return bits < 256
    ? bytes.toString('latin1', 0, end)
    : Buffer.from(units.buffer, 0, 2 * end).toString('utf16le');
}
