import type { DemoLanguage } from './story.js';

/** The zone each edition dates its texts in; the feeds write the same offset. */
export const TIME_ZONES: Readonly<Record<DemoLanguage, string>> = {
  en: 'UTC',
  ru: 'Europe/Moscow',
  fa: 'Asia/Tehran',
  zh: 'Asia/Shanghai',
};

/** The same zones as offsets from UTC, in minutes: none of the four has summer time. */
export const OFFSET_MINUTES: Readonly<Record<DemoLanguage, number>> = { en: 0, ru: 180, fa: 210, zh: 480 };
