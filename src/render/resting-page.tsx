import { directionOf } from '../domain/direction.js';
import { fill, MESSAGES } from './messages.js';
import { createTimes } from './times.js';
import type { UiLanguage } from './views.js';

/** The day's allowance is used up: when the mirror goes on, in every language at once, in as few bytes as that takes. */
export function renderResting(resumesAt: number): string {
  const said = (Object.keys(MESSAGES) as UiLanguage[]).map((language) => {
    const m = MESSAGES[language];
    const time = createTimes(m, 'UTC').dateTime(resumesAt);
    return (
      <p lang={language} dir={directionOf(language)}>
        {fill(m.resting, { time })}
      </p>
    );
  });
  const document = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
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
