import type { Child } from 'hono/jsx';
import { dotted, type Page, tongue, Words } from './document.js';
import { count, fill, formatBytes, formatNumber, MESSAGES, uiLanguage } from './messages.js';
import { Picture } from './picture.js';
import type { ListItem, PictureView } from './views.js';

/** What a group of headlines has in common: its day, its publishers. */
export function Label({ children }: { children: Child }) {
  return (
    <h2 class="k">
      <b>{children}</b>
    </h2>
  );
}

interface HeadlineProps {
  page: Page;
  item: ListItem;
  lead: { picture: PictureView | null } | null;
  /** Not under the heading of its day: the date stands with it. */
  dated?: boolean;
}

/** One headline of a list: what kind, when, how long and how heavy; the headline; about two lines. */
export function Headline({ page, item, lead, dated = false }: HeadlineProps) {
  const { lang, dir } = tongue(page, item);
  const picture = lead?.picture ?? null;
  const pieces = marks(page, item, dated).filter((piece) => piece !== null);
  return (
    <article class={lead === null ? undefined : picture === null ? 't' : 't g'} dir={dir}>
      {picture !== null && <Picture page={page} of={picture} />}
      <p class="k">{dotted(page, dir === undefined ? pieces : pieces.map((piece) => <bdi>{piece}</bdi>))}</p>
      <h3 lang={lang}>
        <a href={item.href}>{item.title}</a>
      </h3>
      {item.summary !== null && (
        <p class={lead === null ? undefined : 's'} lang={lang}>
          {item.summary}
        </p>
      )}
    </article>
  );
}

/** Whether the section already says the kind, in the text's own language: `Opinions`, `Мнения`. */
export function saysKind({
  kind,
  section,
  language,
}: Pick<ListItem, 'kind' | 'section' | 'language'>): boolean {
  if (kind === 'article' || section === null) return false;
  const word = MESSAGES[uiLanguage(language)].kinds[kind].toLowerCase();
  const stem = word.length > 4 ? word.slice(0, -1) : word;
  return section.toLowerCase().startsWith(stem);
}

/** `Opinion · 08:02 · updated · 3 min · 4 KB` */
function marks(page: Page, item: ListItem, dated: boolean): Child[] {
  const { m, times } = page;
  const kind = item.kind === 'article' ? null : m.kinds[item.kind];
  return [
    item.publisher === null ? null : <Words page={page} of={item.publisher} />,
    item.section === null ? null : (
      <b>
        <Words page={page} of={{ ...item, text: item.section }} />
      </b>
    ),
    kind === null || saysKind(item) ? null : <b>{kind}</b>,
    dated ? times.date(item.publishedAt) : times.clock(item.publishedAt),
    item.updated ? m.updated : null,
    item.pictures === null ? null : count(m, m.pictures, item.pictures),
    item.readingMinutes === null ? null : fill(m.minutes, { n: formatNumber(m, item.readingMinutes) }),
    item.pageBytes === null ? null : formatBytes(m, item.pageBytes),
  ];
}
