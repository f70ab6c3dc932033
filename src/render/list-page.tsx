import { Filled, type Page, PhraseLink, pageOf, renderDocument, spaced, Time } from './document.js';
import { Headline, Label } from './headline.js';
import { fill, formatNumber } from './messages.js';
import { Silence } from './silence.js';
import type { ListItem, ListView, PictureView } from './views.js';

/** Fronts, older pages, sections, tags and months. */
export function renderList(view: ListView): string {
  const page = pageOf(view);
  const front = view.scope.kind === 'front';
  const days = daysOf(view, page);
  return renderDocument(page, {
    title: front ? page.m.news : headingOf(view, page),
    line: <AsOf page={page} at={view.asOfAt} />,
    mastheadIsHeading: front,
    wide: true,
    children: (
      <>
        {!front && <h1>{headingOf(view, page)}</h1>}
        {view.banners.map((banner) => (
          <Silence page={page} banner={banner} />
        ))}
        {days.length + view.others.length === 0 && <p class="s">{page.m.list.empty}</p>}
        {days.map((day) => (
          <section>
            <Label>{page.times.day(day.at)}</Label>
            {day.items.map((item) => (
              <Headline page={page} item={item} lead={item.lead} />
            ))}
          </section>
        ))}
        <Ending view={view} page={page} />
        {view.others.length > 0 && (
          <section>
            <Label>{page.m.list.otherLanguages}</Label>
            {view.others.map((item) => (
              <Headline page={page} item={item} lead={null} dated />
            ))}
          </section>
        )}
        <Elsewhere view={view} page={page} />
      </>
    ),
  });
}

type Told = ListItem & { lead: { picture: PictureView | null } | null };

/** The lead story opens its own day: the first one, or a day that it has to itself. */
function daysOf(view: ListView, page: Page): { at: number; items: Told[] }[] {
  const days = view.days.map(({ at, items }) => ({
    at,
    items: items.map((item) => ({ ...item, lead: null })),
  }));
  if (view.lead === null) return days;
  const lead: Told = { ...view.lead, lead: { picture: view.lead.picture } };
  const [first, ...rest] = days;
  if (first !== undefined && page.times.day(first.at) === page.times.day(lead.publishedAt)) {
    return [{ at: first.at, items: [lead, ...first.items] }, ...rest];
  }
  return [{ at: lead.publishedAt, items: [lead] }, ...days];
}

function headingOf({ scope }: ListView, { m, times }: Page): string {
  switch (scope.kind) {
    case 'front':
      return m.news;
    case 'older':
      return fill(m.list.page, { n: formatNumber(m, scope.number) });
    case 'section':
      return scope.name.text;
    case 'tag':
      return fill(m.list.topic, { name: scope.name.text });
    case 'month':
      return times.month(scope.at);
  }
}

function AsOf({ page, at }: { page: Page; at: number | null }) {
  if (at === null) return page.m.mirrorEmpty;
  return <Filled text={page.m.mirrorAsOf} slots={{ time: <Time page={page} at={at} /> }} />;
}

/** Where the list ends and how to go on. */
function Ending({ view, page }: { view: ListView; page: Page }) {
  const { m, times } = page;
  const { sinceAt, asOfAt, newer, older } = view;
  if (sinceAt === null && newer === null && older === null) return null;
  return (
    <p class="s">
      {spaced([
        ...(sinceAt === null ? [] : [times.everythingSince(sinceAt, asOfAt ?? sinceAt)]),
        ...(newer === null ? [] : [<a href={newer}>{m.list.newer}</a>]),
        ...(older === null ? [] : [<a href={older}>{m.list.older}</a>]),
      ])}
    </p>
  );
}

function Elsewhere({ view, page }: { view: ListView; page: Page }) {
  const { m, times } = page;
  return (
    <>
      {view.publishers.length > 0 && (
        <section>
          <Label>{m.list.publishers}</Label>
          <nav aria-label={m.list.publishers}>
            {spaced(view.publishers.map((publisher) => <PhraseLink page={page} to={publisher} />))}
          </nav>
        </section>
      )}
      {view.months.length > 0 && (
        <section>
          <Label>{m.list.months}</Label>
          <nav aria-label={m.list.months}>
            {spaced(view.months.map(({ at, href }) => <a href={href}>{times.month(at)}</a>))}
          </nav>
        </section>
      )}
    </>
  );
}
