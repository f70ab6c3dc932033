/** What the tree's contents depend on besides the store. */
export interface SiteConfig {
  name: string;
  keeper: string | null;
  contact: string | null;
  /** Language of shared pages; one of the interface's, or the nearest to it. */
  language: string;
  noindex: boolean;
  titleNamesPublisher: boolean;
  canonical: 'none' | 'original';
  /** Largest compressed body of a document that must fit the line. */
  bodyBytes: number;
  /** Brotli quality of pages, 5 to 11; below that gzip would be smaller now and then. */
  brotliQuality: number;
  version: string;
  /** Where its source can be had. */
  source: string | null;
  /** The addresses include an onion or a secret path: a cloud reader would give it away. */
  privateAddress: boolean;
  /** False leaves pictures out everywhere. */
  pictures: boolean;
}
