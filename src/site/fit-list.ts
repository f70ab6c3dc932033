import type { PictureView } from '../render/views.js';
import { firstThatFits } from './fit.js';

/** Two lines on a wide screen, where a phone cuts sooner; two lines on a phone; none. */
const SUMMARY_CHARS = [105, 75, 0] as const;
/** The lead's own, whatever the others have. */
export const LEAD_SUMMARY_CHARS = 150;

/**
 * A list within `limit`: a picture that shows goes before long summaries, and summaries before a blur. `pictures`: the lead's, as
 * `leadPicture` gives them.
 */
export function fitList(
  pictures: readonly (PictureView | null)[],
  limit: number,
  render: (summaryChars: number, picture: PictureView | null) => string,
): string {
  const shown = pictures.filter((picture) => picture !== null && picture.inline !== null);
  const rest = pictures.filter((picture) => picture !== null && picture.inline === null);
  const smallest = shown.slice(-1);
  const candidates = [
    ...pairs([105], shown),
    ...pairs([75], smallest),
    ...pairs([105], rest),
    ...pairs(SUMMARY_CHARS, [null]),
  ];
  return firstThatFits(candidates, limit, ({ chars, picture }) => render(chars, picture)).text;
}

const pairs = (lengths: readonly number[], pictures: readonly (PictureView | null)[]) =>
  lengths.flatMap((chars) => pictures.map((picture) => ({ chars, picture })));
