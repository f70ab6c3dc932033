import type { SigningKey } from './ed25519.js';
import { parseNote, verifyNote, writeNote } from './note.js';
import { originOf } from './repository.js';

/** First line of a card. */
const FORM = 'tz1-mirrors/v1';
/** A card goes into a text message or a QR code: more addresses would not fit. */
export const MOST_CARD_URLS = 6;
const MOST_URL_CHARS = 300;

/** Addresses handed from person to person. Signed, so that nobody can slip in one of their own; dated, so that it dies. */
export interface MirrorCard {
  repository: string;
  /** Unix seconds. */
  expires: number;
  urls: readonly string[];
}

/** The name that a repository's cards are signed under. */
const signerOf = (repository: string): string => `${originOf(repository)}/mirrors`;

/** A C2SP signed note: form, repository, expiry in unix seconds, then the addresses, a line each. Some 350 bytes. */
export function writeMirrorCard(card: MirrorCard, key: SigningKey): string {
  const lines = [FORM, card.repository, String(card.expires), ...card.urls];
  return writeNote(`${lines.join('\n')}\n`, signerOf(card.repository), key);
}

/** What a card says, unchecked: enough to know whose key must have signed it. Null for what is no card. */
export function parseMirrorCard(note: string): MirrorCard | null {
  const text = parseNote(normalized(note))?.text ?? '';
  const [form, repository = '', expires = '', ...urls] = text.split('\n').slice(0, -1);
  if (form !== FORM || !/^[a-z2-7]{16}$/.test(repository) || !/^[1-9]\d{0,11}$/.test(expires)) return null;
  if (urls.length === 0 || urls.length > MOST_CARD_URLS) return null;
  if (urls.some((url) => url.length > MOST_URL_CHARS || !isAddress(url))) return null;
  return { repository, expires: Number(expires), urls };
}

/** Whether the repository's mirrors key signed it; `publicKeys` are the 32 bytes of each key that may. */
export function isSignedCard(note: string, publicKeys: readonly Uint8Array[]): boolean {
  const card = parseMirrorCard(note);
  if (card === null) return false;
  const name = signerOf(card.repository);
  return publicKeys.some((publicBytes) => verifyNote(normalized(note), { name, publicBytes }) !== null);
}

/** Messengers change line ends and drop the last one. */
const normalized = (note: string): string => `${note.replace(/\r\n?/g, '\n').trim()}\n`;

function isAddress(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return (url.protocol === 'https:' || url.protocol === 'http:') && plain && url.href === text;
}
