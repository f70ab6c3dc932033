import type { Document, Element } from 'domhandler';
import type { PageRules } from '../domain/publisher.js';
import type { StructuredData } from './structured-data.js';

/** What a feed said of the article: evidence for its page. Times in milliseconds since the epoch. */
export interface FeedEvidence {
  title: string | null;
  contentHtml: string | null;
  publishedAt: number | null;
}

/** One page while it is being read. */
export interface PageView {
  document: Document;
  /** Every element, in document order. */
  elements: readonly Element[];
  data: StructuredData;
  url: string;
  rules: PageRules | null;
  feed: FeedEvidence | null;
  title: string | null;
  /** The headline as the page itself shows it, which the title may leave for another: it tells where the text begins. */
  heading: string | null;
}
