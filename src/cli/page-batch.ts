import type { Publisher } from '../domain/publisher.js';
import { createFurnitureIndex } from '../extract/furniture-index.js';
import { type BatchFailure, type BatchLine, failureOf, readLineInput } from './batch.js';
import { type Input, type InputReader, requireUrl } from './inspect-input.js';
import { learnPage, type PageContext, pageJson } from './page-report.js';

/** With fewer pages nothing can be known to repeat. */
const ENOUGH = 3;

interface Page {
  index: number;
  line: BatchLine;
  input: Input;
}

const failed = (failure: BatchFailure) => `${JSON.stringify(failure)}\n`;

function attempt(answer: () => string): string {
  try {
    return answer();
  } catch (error) {
    return failed(failureOf(error));
  }
}

/** Whose page a line is: its publisher's, else its host's. */
function groupOf({ publisher, url }: BatchLine, index: number): string {
  if (publisher !== undefined) return `publisher ${publisher}`;
  return url !== undefined && URL.canParse(url) ? `host ${new URL(url).host}` : `line ${index}`;
}

/** The answers to a batch in its order. The pages of one publisher are read together, so that what repeats in them counts. */
export async function answerPages(
  lines: readonly (BatchLine | BatchFailure)[],
  publishers: ReadonlyMap<string, Publisher>,
  reader: InputReader,
): Promise<string[]> {
  const answers: string[] = [];
  const groups = new Map<string, { index: number; line: BatchLine }[]>();
  for (const [index, line] of lines.entries()) {
    if ('error' in line) answers[index] = failed(line);
    else {
      const group = groupOf(line, index);
      groups.set(group, [...(groups.get(group) ?? []), { index, line }]);
    }
  }
  for (const members of groups.values()) {
    const pages: Page[] = [];
    for (const { index, line } of members) {
      try {
        pages.push({ index, line, input: await readLineInput(line, reader, 'page') });
      } catch (error) {
        answers[index] = failed(failureOf(error));
      }
    }
    const furniture = createFurnitureIndex();
    const contextOf = ({ line, input }: Page): PageContext => ({
      url: requireUrl(line.url ?? input.url),
      publisher: publishers.get(line.publisher ?? ''),
      furniture,
    });
    // All are learned from before the first is read: else the first would still carry what repeats.
    if (pages.length >= ENOUGH)
      for (const page of pages)
        attempt(() => {
          learnPage(page.input, contextOf(page));
          return '';
        });
    for (const page of pages) answers[page.index] = attempt(() => pageJson(page.input, contextOf(page)));
  }
  return answers;
}
