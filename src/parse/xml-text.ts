import { decodeHTMLStrict } from 'entities';

/** Once, as XML says; names nobody declared are taken for HTML's, which is what the feed's author meant. */
export function decodeEntities(raw: string, entities: ReadonlyMap<string, string>): string {
  if (!raw.includes('&')) return stripControls(raw);
  const expanded =
    entities.size === 0
      ? raw
      : raw.replace(/&([A-Za-z_][\w.-]*);/g, (all, name) => entities.get(name) ?? all);
  return stripControls(decodeHTMLStrict(expanded));
}

/** What XML 1.0 forbids, section 2.2. */
export function stripControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is to be removed
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '');
}
