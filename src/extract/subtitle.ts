import { type ChildNode, type Element, isTag } from 'domhandler';
import type { PageView } from './page-view.js';
import { selectFirst } from './select.js';
import { squash } from './squash.js';
import { isH1, textContent } from './tree.js';

/** Class names of a standfirst. */
const STANDFIRST =
  /(?:^|[\s_-])(?:standfirst|sub-?title|sub-?head(?:line|ing)?|dek|deck|chapeau|bajada|article__lead|lead-?text|vorspann|entradilla)(?:$|[\s_-])/i;

/** The standfirst: by the publisher's selectors, else an element marked as one near the headline. Never the title again. */
export function findSubtitle({ elements, rules }: PageView, title: string | null): string | null {
  const found =
    selectFirst(elements, rules?.subtitle ?? [])[0] ??
    (rules?.subtitle.length ? undefined : markedSubtitle(elements));
  const text = found === undefined ? '' : textContent(found);
  return text === '' || text.length > 600 || (title !== null && squash(text) === squash(title)) ? null : text;
}

function markedSubtitle(elements: readonly Element[]): Element | undefined {
  const from = elements.findIndex(isH1);
  const near = elements.slice(Math.max(0, from - 10), from + 60);
  return near.find(
    ({ name, attribs, prev }) =>
      attribs.itemprop === 'alternativeHeadline' ||
      (/^(?:h2|h3|p|div)$/.test(name) && STANDFIRST.test(attribs.class ?? '')) ||
      (name === 'h2' && previousElement(prev)?.name === 'h1'),
  );
}

function previousElement(node: ChildNode | null): Element | null {
  let at = node;
  while (at !== null && !isTag(at)) at = at.prev;
  return at;
}
