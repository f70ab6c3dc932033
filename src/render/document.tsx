import type { Child } from 'hono/jsx';
import { directionOf } from '../domain/direction.js';
import type { Messages } from './messages/every-word.js';
import { MESSAGES } from './messages.js';
import { STYLE } from './page.css.js';
import { createTimes, type Times } from './times.js';
import type { NamedLink, PageFrame, Phrase, Tongue } from './views.js';

/** What every component of one page shares. */
export interface Page {
  frame: PageFrame;
  m: Messages;
  times: Times;
}

export function pageOf(frame: PageFrame): Page {
  const m = MESSAGES[frame.ui];
  return { frame, m, times: createTimes(m, frame.timeZone) };
}

/** `lang` and `dir` where a text's language is not the page's. */
export function tongue(page: Page, text: Tongue): { lang?: string; dir?: string } {
  if (text.language === page.frame.ui) return {};
  const dir = text.direction === directionOf(page.frame.ui) ? {} : { dir: text.direction };
  return { lang: text.language, ...dir };
}

export function Words({ page, of }: { page: Page; of: Phrase }) {
  return of.language === page.frame.ui ? of.text : <bdi lang={of.language}>{of.text}</bdi>;
}

export function PhraseLink({ page, to }: { page: Page; to: NamedLink }) {
  return (
    <a href={to.href} {...tongue(page, to)}>
      {to.text}
    </a>
  );
}

/** Puts elements into the `{slots}` of a phrase. */
export function Filled({ text, slots }: { text: string; slots: Readonly<Record<string, Child>> }) {
  return text
    .split(/\{(\w+)\}/)
    .map((piece, index) => (index % 2 === 0 ? piece : (slots[piece] ?? `{${piece}}`)));
}

/** An absolute time with its zone. */
export function Time({ page, at }: { page: Page; at: number }) {
  return <time datetime={page.times.machine(at)}>{page.times.dateTime(at)}</time>;
}

interface DocumentParts {
  /** Where the frame names no title. */
  title: string;
  /** The line under the masthead. */
  line: Child;
  /** The masthead is the page's own heading (a front). */
  mastheadIsHeading?: boolean;
  /** The page uses a wide screen's width. */
  wide?: boolean;
  children: Child;
}

/** The whole document round the contents of a page. */
export function renderDocument(
  page: Page,
  { title, line, mastheadIsHeading, wide, children }: DocumentParts,
): string {
  const { frame } = page;
  const named = frame.title ?? title;
  const document = (
    <html lang={frame.ui} dir={directionOf(frame.ui)}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <meta name="referrer" content="no-referrer" />
        {/* A preview in a chat shows the description: it tells no more than the title. */}
        {frame.noindex ? (
          <meta name="robots" content="noindex" />
        ) : (
          <meta name="description" content={named} />
        )}
        <title>{named}</title>
        {frame.canonical !== null && <link rel="canonical" href={frame.canonical} />}
        <link rel="icon" href="data:," />
        {frame.feeds !== null && <FeedLinks feeds={frame.feeds} />}
        <style>{STYLE}</style>
      </head>
      <body class={wide ? 'w' : undefined}>
        <Header page={page} line={line} mastheadIsHeading={mastheadIsHeading ?? false} />
        <Moved page={page} />
        <Sections page={page} />
        <main>{children}</main>
        <Footer page={page} />
      </body>
    </html>
  );
  return `<!doctype html>${document.toString().replace(CLOSED_VOID, '<$1>')}`;
}

/** JSX closes void elements; HTML has nothing to close. */
const CLOSED_VOID = /<((?:br|hr|img|input|link|meta|source)\b(?:"[^"]*"|[^">])*?)\s*\/>/g;

function FeedLinks({ feeds }: { feeds: NonNullable<PageFrame['feeds']> }) {
  return (
    <>
      <link rel="alternate" type="application/rss+xml" title="RSS" href={feeds.rss} />
      <link rel="alternate" type="application/atom+xml" title="Atom" href={feeds.atom} />
      <link rel="alternate" type="application/feed+json" title="JSON Feed" href={feeds.json} />
    </>
  );
}

function Header({ page, line, mastheadIsHeading }: { page: Page; line: Child; mastheadIsHeading: boolean }) {
  const { name, home } = page.frame.masthead;
  const linked = home === null ? name.text : <a href={home}>{name.text}</a>;
  const own = tongue(page, name);
  return (
    <header>
      {mastheadIsHeading ? (
        <h1 {...own}>{linked}</h1>
      ) : (
        <p>
          <b {...own}>{linked}</b>
        </p>
      )}
      {line !== null && <p class="k">{line}</p>}
      <Languages page={page} />
    </header>
  );
}

/** On every page, so that whoever comes once more by the old address reads it. */
function Moved({ page }: { page: Page }) {
  const { moved } = page.frame;
  if (moved === null) return null;
  const link = (
    <a href={moved} dir="ltr">
      {new URL(moved).host}
    </a>
  );
  return (
    <p class="n">
      <b>
        <Filled text={page.m.moved.line} slots={{ address: link }} />
      </b>
    </p>
  );
}

/** On every page: the same page, or the nearest to it, in the other languages. */
function Languages({ page }: { page: Page }) {
  const { languages } = page.frame;
  if (languages.length < 2) return null;
  return (
    <nav aria-label={page.m.labels.languages}>
      {spaced(
        languages.map(({ language, name, href }) =>
          href === null ? (
            <b aria-current="true" lang={language}>
              {name}
            </b>
          ) : (
            <a href={href} lang={language} hreflang={language}>
              {name}
            </a>
          ),
        ),
      )}
    </nav>
  );
}

function Sections({ page }: { page: Page }) {
  const { frame, m } = page;
  const sections = frame.sections.map(({ name, href, current }) => (
    <a href={href} {...tongue(page, name)} aria-current={current ? 'page' : undefined}>
      {name.text}
    </a>
  ));
  if (sections.length === 0) return null;
  const search = frame.links.search === null ? [] : [<a href={frame.links.search}>{m.links.search}</a>];
  // A text browser that does not know `nav` would write both lines as one.
  return (
    <div>
      <nav aria-label={m.labels.sections}>{spaced([...sections, ...search])}</nav>
    </div>
  );
}

function Footer({ page }: { page: Page }) {
  const { m, frame } = page;
  const { all, feeds, search, about, mirrors, verify } = frame.links;
  const links: [string | null, string][] = [
    [frame.masthead.home, m.links.front],
    [all, m.links.all],
    // Where there are sections, search stands at their end.
    [frame.sections.length === 0 ? search : null, m.links.search],
    [feeds, m.links.feeds],
    [about, m.links.about],
    [mirrors, m.links.mirrors],
    [verify, m.links.verify],
  ];
  return (
    <footer>
      <nav aria-label={m.labels.about}>
        {spaced(links.flatMap(([href, name]) => (href === null ? [] : [<a href={href}>{name}</a>])))}
      </nav>
    </footer>
  );
}

/** Blanks between inline elements, so that a text browser does not glue them together. */
export function spaced(items: readonly Child[]): Child[] {
  return items.flatMap((item, index) => (index === 0 ? [item] : [' ', item]));
}

/** A separator between the pieces that are there. Not the same in every script: a middle dot would pass for a Persian zero. */
export function dotted(page: Page, items: readonly Child[]): Child[] {
  const present = items.filter((item) => item !== null && item !== '' && item !== false);
  return present.flatMap((item, index) => (index === 0 ? [item] : [page.m.separator, item]));
}
