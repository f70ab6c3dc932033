import { decodeHTMLStrict } from 'entities';

/** Of all declared entities in one document together: a few thousand of the longest, where feeds use a dozen short ones. */
const MAX_EXPANDED_CHARS = 1_000_000;

/**
 * Decodes the entities of one document, each once, as XML says; names nobody declared are taken for HTML's, which is what the
 * feed's author meant. Once the declared ones have grown the document by a megabyte, they stay as they are written.
 */
export function createEntityDecoder(declared: ReadonlyMap<string, string>): (raw: string) => string {
  let left = MAX_EXPANDED_CHARS;
  const expand = (reference: string, name: string): string => {
    const value = declared.get(name);
    if (value === undefined) return reference;
    left -= value.length;
    return left < 0 ? reference : value;
  };
  return (raw) => {
    if (!raw.includes('&')) return stripControls(raw);
    const expanded = declared.size === 0 || left < 0 ? raw : raw.replace(/&([A-Za-z_][\w.-]*);/g, expand);
    return stripControls(decodeHTMLStrict(expanded));
  };
}

/** What XML 1.0 forbids, section 2.2. */
export function stripControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}
