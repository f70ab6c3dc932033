const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Undoes the commonest accident of publishing systems: UTF-8 read as Latin-1 and encoded again, `Ã©` for `é`. Only where
 * the whole text, trimmed, is such bytes and they are valid UTF-8, which does not happen otherwise. Texts that went through windows-1252
 * instead (`â€™`) hold other characters too and stay as they were sent.
 */
export function undoDoubleEncoding(text: string): string {
  if (!/[\u00c2-\u00f4][\u0080-\u00bf]/.test(text) || /[\u0100-\uffff]/.test(text)) return text;
  try {
    return utf8.decode(Buffer.from(text.trim(), 'latin1'));
  } catch {
    return text;
  }
}
