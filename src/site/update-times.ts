import type { SafeHtml } from '../domain/safe-html.js';

/** When the updates of a live blog are from, in their order, newest first. */
export function updateTimes(blocks: readonly SafeHtml[]): number[] {
  return blocks.flatMap((block) => updateTime(block) ?? []);
}

const UPDATE = /^<section class="update"><h[2-6]><time datetime="([^"]+)"/;

function updateTime(block: SafeHtml): number | null {
  const at = Date.parse(UPDATE.exec(block)?.[1] ?? '');
  return Number.isNaN(at) ? null : at;
}

/** For each part when its newest update is from: the rest of an update stands under that one's time. */
export function newestOfEach(parts: readonly { blocks: readonly SafeHtml[] }[]): number[] | null {
  let last: number | null = null;
  const newest: number[] = [];
  for (const { blocks } of parts) {
    const [first] = blocks;
    const at: number | null =
      (first === undefined ? null : updateTime(first)) ?? last ?? updateTimes(blocks)[0] ?? null;
    if (at === null) return null;
    newest.push(at);
    last = updateTimes(blocks).at(-1) ?? at;
  }
  return newest;
}
