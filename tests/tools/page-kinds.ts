/** One of each kind of page of the demo newsroom after eight steps, by what it is. */
export const PAGE_KINDS = {
  front: '/',
  'front in Persian': '/fa/',
  publisher: '/demo-courier/',
  section: '/demo-courier/s/reading/',
  month: '/demo-courier/2026-11/',
  article: '/demo-courier/a1104/',
  'long article': '/demo-courier/a1102/',
  'its second part': '/demo-courier/a1102/p2/',
  'article in Persian': '/demo-peyk/a1301/',
  'corrected article': '/demo-courier/a1101/',
  changes: '/demo-courier/a1101/changes/',
  about: '/about/',
  legal: '/legal/',
  feeds: '/en/feeds/',
  search: '/search/',
  'not found': '/demo-courier/nothing-here/',
} as const;
