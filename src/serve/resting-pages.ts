import { type Resting, renderResting } from '../render/resting-page.js';
import { HTML } from '../site/document.js';
import type { HotPage } from './hot-page.js';
import type { PageCache } from './page-cache.js';

export type RestingPages = (what: Resting, until: number) => HotPage;

/** The pages that say what rests and until when (milliseconds since the epoch), each made once a day. */
export function createRestingPages(ready: PageCache['ready']): RestingPages {
  const made = new Map<Resting, { until: number; page: HotPage }>();
  return (what, until) => {
    const known = made.get(what);
    if (known?.until === until) return known.page;
    const page = ready(renderResting(what, until), 503, HTML);
    made.set(what, { until, page });
    return page;
  };
}
