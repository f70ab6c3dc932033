/** The newsroom's four languages, in the order in which they publish. */
export const DEMO_LANGUAGES = ['en', 'ru', 'fa', 'zh'] as const;
export type DemoLanguage = (typeof DEMO_LANGUAGES)[number];

export type StoryKind = 'article' | 'opinion' | 'gallery' | 'live';

/** One text of the newsroom as it stands now. Times in milliseconds since the epoch. */
export interface Story {
  /** Stays the same through every edit; the site looks at nothing else in an address. */
  id: number;
  language: DemoLanguage;
  slug: string;
  title: string;
  subtitle: string;
  summary: string;
  /** A desk, never a person. */
  author: string;
  section: string;
  kind: StoryKind;
  tags: readonly string[];
  picture: { name: string; caption: string } | null;
  /** In the small markup of `markup.ts`. */
  body: string;
  publishedAt: number;
  modifiedAt: number | null;
  state: 'live' | 'withdrawn';
}

/** Where a story is found: language, day, words, number. */
export function storyPath(story: Story): string {
  const day = new Date(story.publishedAt).toISOString().slice(0, 10).replaceAll('-', '/');
  return `/${story.language}/${day}/${story.slug}-a${story.id}`;
}
