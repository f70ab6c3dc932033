import type { ExtractResult } from '../domain/extracted-page.js';
import { type ExtractContext, extractPage } from './extract-page.js';
import { withinTime } from './within-time.js';

/** `extractPage`, whatever the page does to it: one that takes too long holds no article, and says why. */
export function extractInTime(html: string, context: ExtractContext): ExtractResult {
  const reading = withinTime(() => extractPage(html, context));
  return reading.kind === 'done' ? reading.value : { kind: 'no-article', reason: reading.reason };
}
