import type { CaptionedPicture } from './article.js';
import type { SafeHtml } from './safe-html.js';

/** A gallery in reading order: its pictures, and the text between them. */
export type GalleryPiece = { kind: 'text'; html: SafeHtml } | { kind: 'picture'; picture: CaptionedPicture };
