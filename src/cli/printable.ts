const CONTROLS = /[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu;
const WIDE =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\u3000-\u303f\uff01-\uff60]/u;

/** Text from outside on one line, with nothing in it that a terminal would obey. */
export const printable = (text: string): string => text.replace(CONTROLS, ' ').trim();

/** Columns that `text` takes on a terminal: two for East Asian letters, none for marks that combine. */
export function widthOf(text: string): number {
  let width = 0;
  for (const char of text) {
    if (!/\p{M}/u.test(char)) width += WIDE.test(char) ? 2 : 1;
  }
  return width;
}

/** `text` in at most `width` columns, its end shown as an ellipsis where it was cut. */
export function cutTo(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  for (const char of text) {
    if (widthOf(kept + char) > width - 1) break;
    kept += char;
  }
  return `${kept}…`;
}
