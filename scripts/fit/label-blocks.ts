import { squash } from '../../tests/extract/scoring.js';

/** Blocks of this many letters or more are found in the reference by themselves; shorter ones only in their place. */
const LONG = 30;

export type Label = 'in' | 'out' | 'optional';

/** Which blocks of a page make up the reference text. `optional`: the standfirst, which may be there or not. */
export function labelBlocks(blocks: readonly string[], body: string, summary: string): Label[] {
  const reference = squash(body);
  const optional = squash(summary);
  const words = new Set(shinglesOf(body));
  const keys = blocks.map(squash);
  const places = keys.map((key) => (key.length >= LONG ? reference.indexOf(key) : -1));
  const labels: Label[] = blocks.map((text, index) => {
    const key = keys[index] ?? '';
    if (key.length < LONG) return 'out';
    if ((places[index] ?? -1) >= 0) return 'in';
    if (optional.includes(key)) return 'optional';
    const own = shinglesOf(text);
    return own.length > 0 && own.filter((item) => words.has(item)).length / own.length >= 0.6 ? 'in' : 'out';
  });
  const taken = new Set<string>();
  blocks.forEach((_, index) => {
    const key = keys[index] ?? '';
    if (labels[index] !== 'in' || key.length < LONG) return;
    if (taken.has(key)) labels[index] = 'out';
    taken.add(key);
  });
  placeShort(keys, places, labels, reference);
  return labels;
}

/** A short block belongs where it stands between the two long blocks round it. */
function placeShort(
  keys: readonly string[],
  places: readonly number[],
  labels: Label[],
  reference: string,
): void {
  let from = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    if (key.length >= LONG) {
      const place = places[index] ?? -1;
      if (labels[index] === 'in' && place >= 0) from = place + key.length;
      continue;
    }
    if (key === '') continue;
    let until = reference.length;
    for (let later = index + 1; later < keys.length; later++) {
      const place = places[later] ?? -1;
      if (labels[later] === 'in' && place >= from) {
        until = place;
        break;
      }
    }
    const place = reference.indexOf(key, from);
    if (place >= 0 && place - from < 400 && place + key.length <= until) {
      labels[index] = 'in';
      from = place + key.length;
    }
  }
}

function shinglesOf(text: string): string[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.slice(3).map((_, index) => words.slice(index, index + 4).join(' '));
}
