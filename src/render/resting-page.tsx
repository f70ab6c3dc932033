import { directionOf } from '../domain/direction.js';
import type { Messages } from './messages/every-word.js';
import { fill, MESSAGES } from './messages.js';
import { createTimes } from './times.js';
import type { UiLanguage } from './views.js';

/** What a mirror leaves unsaid for the rest of a day whose allowance runs out. */
export type Resting = keyof Messages['resting'];

/** When that goes on, in every language at once, in as few bytes as it takes. */
export function renderResting(what: Resting, resumesAt: number): string {
  const said = (Object.keys(MESSAGES) as UiLanguage[]).map((language) => {
    const m = MESSAGES[language];
    const time = createTimes(m, 'UTC').dateTime(resumesAt);
    return (
      <p lang={language} dir={directionOf(language)}>
        {fill(m.resting[what], { time })}
      </p>
    );
  });
  const document = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <meta name="color-scheme" content="light dark" />
        <title>{new Date(resumesAt).toISOString().slice(0, 10)}</title>
        <link rel="icon" href="data:," />
      </head>
      <body>
        <main>{said}</main>
      </body>
    </html>
  );
  return `<!doctype html>${document.toString()}`;
}
