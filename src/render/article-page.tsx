import { directionOf } from '../domain/direction.js';
import type { SafeHtml } from '../domain/safe-html.js';
import { Attribution, SafetyNotes } from './article-margins.js';
import type { ArticlePageView, PartView } from './article-views.js';
import {
  dotted,
  Filled,
  type Page,
  pageOf,
  renderDocument,
  spaced,
  Time,
  tongue,
  Words,
} from './document.js';
import { Label, saysKind } from './headline.js';
import { count, fill, formatBytes, formatNumber } from './messages.js';
import { Picture } from './picture.js';
import { RawHtml } from './raw-html.js';

/** One part of an article, with everything a reader needs to know where it comes from. */
export function renderArticle(view: ArticlePageView): string {
  const page = pageOf(view);
  const { m } = page;
  const own = tongue(page, view);
  return renderDocument(page, {
    title: view.headline,
    line: <Filled text={m.mirrorCopied} slots={{ time: <Time page={page} at={view.copiedAt} /> }} />,
    children: (
      <>
        <article>
          <Kicker view={view} page={page} />
          <h1 {...own}>{view.headline}</h1>
          {view.subtitle !== '' && (
            <p class="s" {...own}>
              {view.subtitle}
            </p>
          )}
          <Byline view={view} page={page} />
          <Notices view={view} page={page} />
          {view.attribution?.place === 'before' && <Attribution view={view} page={page} />}
          {view.picture !== null && <Picture page={page} of={view.picture} number={view.pictureNumber} />}
          {view.blocks.length > 0 && (
            <div {...own}>
              {view.blocks.map((block) => (
                <Block page={page} html={block} />
              ))}
            </div>
          )}
        </article>
        <Parts view={view} page={page} />
        {view.attribution?.place !== 'before' && <Attribution view={view} page={page} />}
        <Onward view={view} page={page} />
        <SafetyNotes view={view} page={page} />
        <Earlier view={view} page={page} />
      </>
    ),
  });
}

function Kicker({ view, page }: { view: ArticlePageView; page: Page }) {
  const { m } = page;
  const { section, part } = view;
  const kind = view.kind === 'article' ? null : m.kinds[view.kind];
  const name = section === null ? null : <Words page={page} of={{ ...view, text: section.name }} />;
  const pieces = [
    section === null ? null : <b>{section.href === null ? name : <a href={section.href}>{name}</a>}</b>,
    kind === null || saysKind({ ...view, section: section?.name ?? null }) ? null : <b>{kind}</b>,
    part === null || view.pictureNumber !== null
      ? null
      : fill(m.article.part, { n: formatNumber(m, part.number), of: formatNumber(m, part.hrefs.length) }),
  ].filter((piece) => piece !== null);
  return pieces.length === 0 ? null : <p class="k">{dotted(page, pieces)}</p>;
}

/** Each time on a line of its own: on a phone a date would be broken in its middle. */
function Byline({ view, page }: { view: ArticlePageView; page: Page }) {
  const { m } = page;
  const who = dotted(page, [
    view.authors.length === 0 ? null : <span {...tongue(page, view)}>{view.authors.join(', ')}</span>,
    view.readingMinutes === null ? null : fill(m.minutes, { n: formatNumber(m, view.readingMinutes) }),
  ]);
  const when = (words: string, at: number) => (
    <Filled text={words} slots={{ time: <Time page={page} at={at} /> }} />
  );
  const lines = [
    ...(who.length === 0 ? [] : [who]),
    when(m.article.published, view.publishedAt),
    ...(view.changedAt === null ? [] : [when(m.article.changed, view.changedAt)]),
  ];
  return <p class="k">{lines.flatMap((line, index) => (index === 0 ? [line] : [<br />, line]))}</p>;
}

function Notices({ view, page }: { view: ArticlePageView; page: Page }) {
  const words = page.m.article;
  const { withdrawn, origin } = view;
  return (
    <>
      {withdrawn !== null && (
        <p class="k n">
          <b>
            <Filled text={words.withdrawn} slots={{ time: <Time page={page} at={withdrawn.at} /> }} />
          </b>
          {withdrawn.reason !== null && ` ${fill(words.withdrawnReason, { reason: withdrawn.reason })}`}
        </p>
      )}
      {withdrawn === null && origin !== 'page' && (
        <p class="k n">{origin === 'feed' ? words.originFeed : words.originTeaser}</p>
      )}
    </>
  );
}

/** A block of the text; below one that holds a card, be it in a quote, an item or an update of a live blog, where that leads. */
function Block({ page, html }: { page: Page; html: SafeHtml }) {
  return (
    <>
      <Scrolling page={page} html={html} />
      {html.includes('<aside class="embed">') && (
        <p class="k" lang={page.frame.ui} dir={directionOf(page.frame.ui)}>
          {page.m.article.outside}
        </p>
      )}
    </>
  );
}

/** What is wider than the column scrolls inside it, and the keyboard can reach it. */
function Scrolling({ page, html }: { page: Page; html: SafeHtml }) {
  const label = html.startsWith('<table')
    ? page.m.labels.table
    : html.startsWith('<pre')
      ? page.m.labels.code
      : null;
  if (label === null) return <RawHtml html={html} />;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a section is a grid of headlines here
    <div class="x" role="region" aria-label={label} tabindex={0}>
      <RawHtml html={html} />
    </div>
  );
}

function Parts({ view, page }: { view: ArticlePageView; page: Page }) {
  const { m } = page;
  const { part } = view;
  if (part === null) return null;
  const [previous, next] =
    view.pictureNumber === null
      ? [m.article.previousPart, m.article.nextPart]
      : [m.article.previousPicture, m.article.nextPicture];
  const turn = (href: string | undefined, rel: 'prev' | 'next', words: string) =>
    href === undefined
      ? []
      : [
          <a href={href} rel={rel}>
            {words}
          </a>,
        ];
  return (
    <nav aria-label={m.labels.pages}>
      {spaced([
        ...turn(part.hrefs[part.number - 2], 'prev', previous),
        ...part.hrefs.map((href, index) =>
          index + 1 === part.number ? (
            <b aria-current="page">{partLabel(page, part, index)}</b>
          ) : (
            <a href={href}>{partLabel(page, part, index)}</a>
          ),
        ),
        ...turn(part.hrefs[part.number], 'next', next),
      ])}
    </nav>
  );
}

/** `2`, and of a live blog `2 (14:20)`: the date only where it is another day than the part before. */
function partLabel({ m, times }: Page, { newestAt }: PartView, index: number): string {
  const number = formatNumber(m, index + 1);
  const at = newestAt?.[index];
  return at === undefined ? number : `${number} (${times.moment(at, newestAt?.[index - 1] ?? null)})`;
}

function Onward({ view, page }: { view: ArticlePageView; page: Page }) {
  const { m } = page;
  return (
    <>
      {view.changes !== null && (
        <p class="k">
          <a href={view.changes.href}>{count(m, m.article.changes, view.changes.count)}</a>
        </p>
      )}
      {view.tags.length > 0 && (
        <nav aria-label={m.article.topics}>
          {spaced([
            <b>{m.article.topics}</b>,
            ...view.tags.map(({ name, href }) => (
              <a href={href} {...tongue(page, view)}>
                {name}
              </a>
            )),
          ])}
        </nav>
      )}
    </>
  );
}

function Earlier({ view, page }: { view: ArticlePageView; page: Page }) {
  const { m, times } = page;
  if (view.earlier.length === 0) return null;
  return (
    <section>
      <Label>{m.article.earlier}</Label>
      {view.earlier.map((item) => (
        <article>
          <h3 {...tongue(page, item)}>
            <a href={item.href}>{item.title}</a>
          </h3>
          <p class="k">
            {dotted(page, [
              times.date(item.publishedAt),
              item.pageBytes === null ? null : formatBytes(m, item.pageBytes),
            ])}
          </p>
        </article>
      ))}
    </section>
  );
}
