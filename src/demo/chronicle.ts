import { noteBody } from './note-body.js';
import { pick } from './pick.js';
import type { FoundingArticle, Stock } from './stock.js';
import { DEMO_LANGUAGES, type DemoLanguage, type Story } from './story.js';

const HOUR_MS = 3_600_000;
/** Running notes are numbered from here, clear of the founding articles' ids. */
const FIRST_NOTE_ID = 20_000;
/** A correction every 24 steps, a withdrawal every 144: few enough that no mirror takes the newsroom for a seized one. */
const EDIT = { every: 24, first: 3 } as const;
const WITHDRAWAL = { every: 144, first: 5 } as const;

/** What one step did, by story id. */
export interface StepReport {
  published: number;
  edited: number | null;
  withdrawn: number | null;
}

export interface Chronicle {
  /** Publishes the next note as of `at`; now and then also corrects or withdraws an older text. */
  step(at: number): StepReport;
  /** Live stories of one language, newest first. */
  stories(language: DemoLanguage): readonly Story[];
  find(id: number): Story | null;
  /** When anything in that language last changed. */
  changedAt(language: DemoLanguage): number;
}

/** What the newsroom has published: a function of the stock, the founding time and the steps' times, nothing else. */
export function createChronicle(stock: Stock, foundedAt: number): Chronicle {
  const byId = new Map<number, Story>();
  const changed = new Map<DemoLanguage, number>();
  let steps = 0;
  for (const article of stock.founding) byId.set(article.id, foundingStory(article, stock, foundedAt));

  function put(story: Story): number {
    byId.set(story.id, story);
    changed.set(story.language, story.modifiedAt ?? story.publishedAt);
    return story.id;
  }

  /** The n-th due of a rhythm, from 0, or null where none is due at this step. */
  function due(rhythm: { every: number; first: number }): number | null {
    const since = steps - rhythm.first;
    return since >= 0 && since % rhythm.every === 0 ? since / rhythm.every : null;
  }

  function edit(turn: number, at: number): number | null {
    const founding = stock.founding.filter((article) => article.edit !== null)[turn];
    if (founding?.edit) {
      const { title, slug, paragraph } = founding.edit;
      const story = byId.get(founding.id);
      return story
        ? put({ ...story, title, slug, body: `${story.body}\n\n${paragraph}`, modifiedAt: at })
        : null;
    }
    const story = byId.get(FIRST_NOTE_ID + steps - 10 - (turn % 4));
    if (story?.state !== 'live') return null;
    const words = stock.shorts[story.language];
    const title = words.editedHeadline.replace('{title}', story.title);
    const slug = `${story.slug}-corrected`;
    return put({ ...story, title, slug, body: `${story.body}\n\n${words.correction}`, modifiedAt: at });
  }

  function withdraw(turn: number, at: number): number | null {
    const founding = stock.founding.filter((article) => article.withdraw)[turn];
    const story = byId.get(founding?.id ?? FIRST_NOTE_ID + steps - 50 - (turn % 4));
    return story?.state === 'live' ? put({ ...story, state: 'withdrawn', modifiedAt: at }) : null;
  }

  return {
    step(at) {
      steps += 1;
      const published = put(note(steps, at, stock));
      const editTurn = due(EDIT);
      const withdrawTurn = due(WITHDRAWAL);
      return {
        published,
        edited: editTurn === null ? null : edit(editTurn, at),
        withdrawn: withdrawTurn === null ? null : withdraw(withdrawTurn, at),
      };
    },
    stories: (language) =>
      [...byId.values()]
        .filter((story) => story.language === language && story.state === 'live')
        .sort((a, b) => b.publishedAt - a.publishedAt || b.id - a.id),
    find: (id) => byId.get(id) ?? null,
    changedAt: (language) => changed.get(language) ?? foundedAt,
  };
}

function foundingStory(article: FoundingArticle, stock: Stock, foundedAt: number): Story {
  const words = stock.furniture[article.language];
  const { id, language, slug, title, subtitle, summary, kind, tags, body } = article;
  return {
    id,
    language,
    slug,
    title,
    subtitle,
    summary,
    kind,
    tags,
    picture: article.picture === null ? null : illustration(stock, article.picture, language),
    body,
    author: words.desks[article.desk] ?? words.name,
    section: article.section,
    publishedAt: foundedAt - article.hoursOld * HOUR_MS,
    modifiedAt: null,
    state: 'live',
  };
}

/** The n-th running note, from 1: languages, topics and paragraphs take turns. */
function note(n: number, at: number, stock: Stock): Story {
  const turn = n - 1;
  const language = pick(DEMO_LANGUAGES, turn);
  const words = stock.shorts[language];
  const round = Math.floor(turn / DEMO_LANGUAGES.length);
  const topic = pick(words.topics, round);
  const lap = Math.floor(round / words.topics.length);
  const pictures = [...stock.pictures.keys()];
  const title = pick(topic.titles, lap);
  const filled = (text: string) =>
    text
      .replace('{n}', (round + 1).toLocaleString(language, { useGrouping: false }))
      .replace('{title}', title);
  return {
    id: FIRST_NOTE_ID + n,
    language,
    slug: `${topic.slug}-${round + 1}`,
    title: filled(words.headline),
    subtitle: '',
    summary: filled(words.summary),
    author: pick(Object.values(stock.furniture[language].desks), round),
    section: topic.section,
    kind: 'article',
    tags: [],
    // Every third note of a language has a picture: enough to see them arrive.
    picture: round % 3 === 0 ? illustration(stock, pick(pictures, round / 3 + turn), language) : null,
    body: noteBody(words, round),
    publishedAt: at,
    modifiedAt: null,
    state: 'live',
  };
}

/** A drawing with its caption in that language. */
function illustration(stock: Stock, name: string, language: DemoLanguage): Story['picture'] {
  return { name, caption: stock.captions[name]?.[language] ?? '' };
}
