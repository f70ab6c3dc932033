import type { Child } from 'hono/jsx';
import { directionOf } from '../domain/direction.js';
import { shownHost } from '../domain/http-url.js';
import type { ArticlePageView } from './article-views.js';
import { Filled, type Page, tongue, Words } from './document.js';
import { safetyNotes } from './safety-notes.js';

interface MarginProps {
  view: ArticlePageView;
  page: Page;
}

/** Whose text it is, and the way to the original, which learns nothing of where the reader came from. */
export function Attribution({ view, page }: MarginProps) {
  const { m } = page;
  const link = (text: Child) => (
    <a href={view.original} rel="noreferrer">
      {text}
    </a>
  );
  const host = shownHost(view.original);
  const linked = view.attribution?.text.includes('{url}') ?? false;
  return (
    <p class="k">
      {view.attribution !== null && (
        <>
          <span {...tongue(page, view)}>
            <Filled text={view.attribution.text} slots={{ url: link(<bdi>{host}</bdi>) }} />
          </span>
          <br />
        </>
      )}
      {!linked && (
        <>
          {link(<Filled text={m.article.original} slots={{ host: <bdi>{host}</bdi> }} />)}
          <br />
        </>
      )}
      <Filled
        text={m.article.statement}
        slots={{ publisher: <Words page={page} of={view.publisher.name} /> }}
      />
    </p>
  );
}

/** In the page's language and the country's own. */
export function SafetyNotes({ view, page }: MarginProps) {
  const { designations, asOfAt } = view.safety;
  const notes = safetyNotes(designations, view.publisher.name.text, page.frame.ui, asOfAt);
  if (notes.length === 0) return null;
  return (
    <aside class="k n" aria-label={page.m.article.safety}>
      {notes.map(({ language, sentences }) => (
        <p {...tongue(page, { language, direction: directionOf(language) })}>{sentences.join(' ')}</p>
      ))}
    </aside>
  );
}
