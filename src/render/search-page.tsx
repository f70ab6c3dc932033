import { dotted, type Page, pageOf, renderDocument, tongue, Words } from './document.js';
import { Label } from './headline.js';
import { count, fill, formatBytes, formatNumber } from './messages.js';
import type { Highlighted, SearchView } from './site-views.js';

/** The form, and the answer where something was asked. By POST, so that no query lands in an address or a log. */
export function renderSearch(view: SearchView): string {
  const page = pageOf(view);
  return renderDocument(page, {
    title: page.m.search.title,
    line: null,
    children: (
      <>
        <h1>{page.m.search.title}</h1>
        <Form view={view} page={page} />
        {view.results !== null && <Results view={view} page={page} results={view.results} />}
      </>
    ),
  });
}

const SINCE = ['any', 'week', 'month', 'year'] as const;

function Form({ view, page }: { view: SearchView; page: Page }) {
  const words = page.m.search;
  return (
    <form method="post" action={view.action}>
      <p>
        <label for="q">{words.words}</label>{' '}
        <input id="q" name="q" type="search" required size={30} maxlength={200} value={view.query} />
      </p>
      {view.publishers.length > 1 && (
        <p>
          <label for="publisher">{words.publisher}</label>{' '}
          <select id="publisher" name="publisher">
            <option value="">{words.anyPublisher}</option>
            {view.publishers.map(({ id, name, selected }) => (
              <option value={id} selected={selected} {...tongue(page, name)}>
                {name.text}
              </option>
            ))}
          </select>
        </p>
      )}
      <p>
        <label for="since">{words.time}</label>{' '}
        <select id="since" name="since">
          {SINCE.map((since) => (
            <option value={since} selected={since === view.since}>
              {words.since[since]}
            </option>
          ))}
        </select>
      </p>
      <p>
        <button type="submit">{words.submit}</button>
      </p>
    </form>
  );
}

function Results({
  view,
  page,
  results,
}: {
  view: SearchView;
  page: Page;
  results: NonNullable<SearchView['results']>;
}) {
  const { m, times } = page;
  const words = m.search;
  const { total } = view;
  if (results.length === 0) return <p>{words.none}</p>;
  const found = total.more
    ? fill(words.foundMore, { n: formatNumber(m, total.count) })
    : count(m, words.found, total.count);
  return (
    <>
      <section>
        <Label>{dotted(page, [found, view.page > 1 && formatNumber(m, view.page)])}</Label>
        {results.map((result) => (
          <article>
            <p class="k">
              {dotted(page, [
                result.publisher === null ? null : <Words page={page} of={result.publisher} />,
                times.date(result.publishedAt),
                result.pageBytes === null ? null : formatBytes(m, result.pageBytes),
              ])}
            </p>
            <h3 {...tongue(page, result)}>
              <a href={result.href}>
                <Marked text={result.title} />
              </a>
            </h3>
            <p {...tongue(page, result)}>
              <Marked text={result.excerpt} />
            </p>
          </article>
        ))}
      </section>
      {view.previousPage !== null && <Turn view={view} to={view.previousPage} label={words.previous} />}
      {view.nextPage !== null && <Turn view={view} to={view.nextPage} label={words.next} />}
    </>
  );
}

function Marked({ text }: { text: Highlighted }) {
  return text.map((piece) => (piece.hit ? <mark>{piece.text}</mark> : piece.text));
}

/** Another page of the same answer: again a POST. */
function Turn({ view, to, label }: { view: SearchView; to: number; label: string }) {
  const selected = view.publishers.find((publisher) => publisher.selected);
  return (
    <form method="post" action={view.action}>
      <input type="hidden" name="q" value={view.query} />
      {selected !== undefined && <input type="hidden" name="publisher" value={selected.id} />}
      <input type="hidden" name="since" value={view.since} />
      <input type="hidden" name="page" value={String(to)} />
      <button type="submit">{label}</button>
    </form>
  );
}
