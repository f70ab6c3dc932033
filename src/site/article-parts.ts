import type { SafeHtml } from '../domain/safe-html.js';
import { renderArticle } from '../render/article-page.js';
import type { ArticlePageView } from '../render/article-views.js';
import type { PictureView, RelativeHref } from '../render/views.js';
import { type Document, page } from './document.js';
import { firstThatFits, largestThatFits, wireBytes } from './fit.js';
import { partPath, relativeHref } from './paths.js';
import { newestOfEach, updateTimes } from './update-times.js';

/** What begins on a page of its own: a whole article, or one picture of a gallery with the text after it. */
export interface Chapter {
  /** The forms of its picture on the page at `path`, heaviest first; `[null]` where it has none. */
  pictures: (path: string) => readonly (PictureView | null)[];
  pictureNumber: ArticlePageView['pictureNumber'];
  blocks: readonly SafeHtml[];
}

type Shown = Pick<ArticlePageView, 'picture' | 'pictureNumber' | 'blocks'>;
type Slice = Omit<Shown, 'picture'> & { pictures: readonly (PictureView | null)[] };

/** Blocks none of which alone is too heavy for a page. `halves`: two of a block, or itself where it cannot be cut. */
export function cutBlocks(
  blocks: readonly SafeHtml[],
  halves: (block: SafeHtml) => readonly SafeHtml[],
  fits: (block: SafeHtml) => boolean,
): SafeHtml[] {
  const todo = [...blocks].reverse();
  const done: SafeHtml[] = [];
  for (let block = todo.pop(); block !== undefined; block = todo.pop()) {
    // Under 2,000 characters nothing weighs more than the line takes, so most blocks need no measuring.
    const cut = block.length < 2_000 || fits(block) ? [block] : halves(block);
    if (cut.length <= 1) done.push(block);
    else todo.push(...[...cut].reverse());
  }
  return done;
}

/** An article over as many parts as the line asks for, each full before the next begins; `limit` in bytes on the wire. */
export function layOutParts(
  home: string,
  chapters: readonly Chapter[],
  viewOf: (path: string) => ArticlePageView,
  halves: (block: SafeHtml) => readonly SafeHtml[],
  limit: number,
): Document[] {
  const views = new Map<string, ArticlePageView>();
  const viewAt = (path: string) => {
    const known = views.get(path) ?? viewOf(path);
    views.set(path, known);
    return known;
  };
  const all = chapters.flatMap(({ blocks }) => blocks);
  const times = updateTimes(all);
  // Before the parts are known, as many times as there may be, as far apart as they are.
  const supposedTimes = (count: number): number[] | null =>
    times.length === 0
      ? null
      : Array.from({ length: count }, (_, index) => times[Math.floor((index * times.length) / count)] ?? 0);
  const compose = (number: number, count: number, shown: Shown, newestAt = supposedTimes(count)) => {
    const path = partPath(home, number);
    const hrefs: RelativeHref[] = Array.from({ length: count }, (_, index) =>
      relativeHref(path, partPath(home, index + 1)),
    );
    return renderArticle({
      ...viewAt(path),
      ...shown,
      part: count === 1 ? null : { number, hrefs, newestAt },
    });
  };
  const [only] = chapters;
  if (only !== undefined && chapters.length === 1) {
    const pictures = only.pictures(home);
    const composeAll = (picture: PictureView | null) => compose(1, 1, { ...only, picture });
    if (wireBytes(composeAll(smallest(pictures))) <= limit)
      return [page(home, firstThatFits(pictures, limit, composeAll).text)];
  }

  const supposed = Math.ceil(wireBytes(all.join('')) / (limit * 0.6)) + chapters.length;
  const slices: Slice[] = [];
  for (const { pictures: picturesAt, pictureNumber, blocks } of chapters) {
    const pictures = picturesAt(partPath(home, slices.length + 1));
    // The first part of a chapter makes room for a picture that shows.
    const picture = pictures.findLast((one) => one?.inline != null) ?? smallest(pictures);
    let head: Omit<Slice, 'blocks'> & { picture: PictureView | null } = { pictures, picture, pictureNumber };
    let left = cutBlocks(
      blocks,
      halves,
      (block) =>
        wireBytes(compose(2, supposed, { picture: null, pictureNumber: null, blocks: [block] })) <= limit,
    );
    do {
      const number = slices.length + 1;
      const count = largestThatFits(
        left.length,
        (tried) =>
          wireBytes(compose(number, Math.max(supposed, number), { ...head, blocks: left.slice(0, tried) })) <=
          limit,
      );
      // A picture of a gallery may stand alone; elsewhere each part has some text.
      const taken = head.pictureNumber === null ? Math.max(1, count) : count;
      slices.push({ ...head, blocks: left.slice(0, taken) });
      left = left.slice(taken);
      head = { pictures: [null], picture: null, pictureNumber: null };
    } while (left.length > 0);
  }
  const newestAt = newestOfEach(slices);
  return slices.map(({ pictures, ...shown }, index) => {
    const number = index + 1;
    const forms = pictures.map((picture) => ({ picture, newestAt }));
    // The times of the other parts go before the line is passed.
    if (newestAt !== null) forms.push({ picture: smallest(pictures), newestAt: null });
    const text = firstThatFits(forms, limit, ({ picture, newestAt }) =>
      compose(number, slices.length, { ...shown, picture }, newestAt),
    ).text;
    return page(partPath(home, number), text);
  });
}

/** The last form that still shows something: a blur, or the words in place of a picture. */
const smallest = (pictures: readonly (PictureView | null)[]): PictureView | null =>
  pictures.at(-2) ?? pictures.at(-1) ?? null;
