import type { Article } from '../domain/article.js';
import type { GalleryPiece } from '../domain/gallery.js';
import type { SafeHtml } from '../domain/safe-html.js';

/** How the tree cuts a text: the sanitizer's own top-level blocks, and smaller ones of a block that fits no page. */
export interface TextSplitter {
  blocks(html: SafeHtml): SafeHtml[];
  /** Halves of a block that alone is too heavy; the block itself where it cannot be cut. */
  halves(block: SafeHtml): SafeHtml[];
  /** A gallery's pictures beside its lead, each once, and the text between them. */
  gallery(article: Pick<Article, 'lead' | 'content'>): GalleryPiece[];
}
