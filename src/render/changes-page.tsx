import type { ChangesView, FieldChange } from './article-views.js';
import { Filled, type Page, pageOf, renderDocument, spaced, Time, tongue } from './document.js';
import { count } from './messages.js';

/** What the publisher changed in one article, newest first. */
export function renderChanges(view: ChangesView): string {
  const page = pageOf(view);
  const { m } = page;
  const words = m.changes;
  return renderDocument(page, {
    title: words.title,
    line: <a href={view.article}>{words.back}</a>,
    children: (
      <article>
        <p class="k">
          <b>{words.title}</b>
        </p>
        <h1 {...tongue(page, view)}>{view.headline}</h1>
        <p class="k">
          <Filled text={words.published} slots={{ time: <Time page={page} at={view.publishedAt} /> }} />
          {'. '}
          {view.revisions.length > 0 && words.legend}
        </p>
        {view.revisions.length === 0 && <p>{words.none}</p>}
        {view.revisions.map((revision) => (
          <>
            <h2>
              <Time page={page} at={revision.at} />
            </h2>
            {revision.note !== null && <p {...tongue(page, view)}>{revision.note}</p>}
            {revision.fields.map((change) => (
              <Field view={view} page={page} change={change} />
            ))}
          </>
        ))}
        <Pages view={view} page={page} />
      </article>
    ),
  });
}

function Field({ view, page, change }: { view: ChangesView; page: Page; change: FieldChange }) {
  const { m } = page;
  return (
    <>
      <h3>{m.changes.fields[change.field]}</h3>
      {change.lines.map(({ mark, text }) => (
        <p {...tongue(page, view)}>
          {mark === 'same' ? text : mark === 'added' ? <ins>{text}</ins> : <del>{text}</del>}
        </p>
      ))}
      {change.omitted > 0 && <p class="k">{count(m, m.changes.omitted, change.omitted)}</p>}
    </>
  );
}

function Pages({ view, page }: { view: ChangesView; page: Page }) {
  const { m } = page;
  if (view.newer === null && view.older === null) return null;
  return (
    <nav aria-label={m.labels.pages}>
      {spaced([
        ...(view.newer === null ? [] : [<a href={view.newer}>{m.changes.newer}</a>]),
        ...(view.older === null ? [] : [<a href={view.older}>{m.changes.older}</a>]),
      ])}
    </nav>
  );
}
