import { dotted, Filled, pageOf, renderDocument, Time } from './document.js';
import type { EmptyNodeView } from './site-views.js';

/** The front of a node that holds no article yet: what it tried, what came back, when it tries next. */
export function renderEmptyNode(view: EmptyNodeView): string {
  const page = pageOf(view);
  const { m } = page;
  const words = m.empty;
  const outcome = (of: EmptyNodeView['tried'][number]['outcome']): string =>
    of === 'answered' ? words.answered : of === 'not-tried' ? words.notTried : m.reasons[of];
  return renderDocument(page, {
    title: m.news,
    line: m.mirrorEmpty,
    mastheadIsHeading: true,
    children: (
      <>
        <h2>{words.title}</h2>
        <p>{words.what}</p>
        {view.tried.length > 0 && (
          <>
            <h2>{words.tried}</h2>
            <ul>
              {view.tried.map(({ name, at, outcome: came, detail }) => (
                <li>
                  <bdi>{name}</bdi>
                  {': '}
                  <b>{outcome(came)}</b>
                  {(at !== null || detail !== null) && m.separator}
                  {dotted(page, [at === null ? null : <Time page={page} at={at} />, detail])}
                </li>
              ))}
            </ul>
          </>
        )}
        {view.nextAt !== null && (
          <p>
            <Filled text={words.next} slots={{ time: <Time page={page} at={view.nextAt} /> }} />
          </p>
        )}
        <p class="k n">
          <Filled text={words.demo} slots={{ command: <code dir="ltr">serve --demo</code> }} />
        </p>
      </>
    ),
  });
}
