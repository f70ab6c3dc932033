/** What a picture is by its first bytes, whatever its name or Content-Type says. `svg` is told apart to be refused by name. */
export type SourceType = 'jpeg' | 'png' | 'webp' | 'gif' | 'avif' | 'svg' | 'unknown';

/** Reads at most the first 1,024 bytes. Signatures: PNG 5.2, JFIF (SOI and a marker), GIF89a 17, RFC 9649 2.4, AVIF 5.2 (brands). */
export function pictureTypeOf(bytes: Uint8Array): SourceType {
  // Not TextDecoder: its latin1 is windows-1252, in which no byte stands for PNG's 0x89 as itself.
  const text = Buffer.from(bytes.subarray(0, 1024)).toString('latin1');
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'png';
  if (text.startsWith('GIF87a') || text.startsWith('GIF89a')) return 'gif';
  if (text.startsWith('RIFF') && text.startsWith('WEBP', 8)) return 'webp';
  if (text.startsWith('ftyp', 4)) return isAvif(bytes, text) ? 'avif' : 'unknown';
  return /<svg[\s>]/i.test(text) ? 'svg' : 'unknown';
}

/** ISO 14496-12 4.3: box size, `ftyp`, major brand, minor version, compatible brands. HEIC has the same box with other brands. */
function isAvif(bytes: Uint8Array, text: string): boolean {
  if (bytes.length < 16) return false;
  const end = Math.min(new DataView(bytes.buffer, bytes.byteOffset).getUint32(0), text.length);
  for (let at = 8; at + 4 <= end; at += 4) {
    const brand = text.slice(at, at + 4);
    if (at !== 12 && (brand === 'avif' || brand === 'avis')) return true;
  }
  return false;
}
