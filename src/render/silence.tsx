import { Filled, type Page, spaced, Time, Words } from './document.js';
import { fill } from './messages.js';
import type { SilenceBanner } from './views.js';

/** "No news came" must never look like a quiet day: how long, since when, and why. */
export function Silence({ page, banner }: { page: Page; banner: SilenceBanner }) {
  const { m } = page;
  const words = m.silence;
  const { hours, lastHeardAt, publisher, reason } = banner;
  return (
    <p class="k n">
      {spaced([
        publisher === null ? (
          <b>{hours === 6 ? words.six : words.seventyTwo}</b>
        ) : (
          <b>
            <Filled
              text={hours === 6 ? words.sixFrom : words.seventyTwoFrom}
              slots={{ publisher: <Words page={page} of={publisher} /> }}
            />
          </b>
        ),
        lastHeardAt === null ? (
          words.never
        ) : (
          <Filled text={words.last} slots={{ time: <Time page={page} at={lastHeardAt} /> }} />
        ),
        ...(reason === null ? [] : [fill(words.reason, { reason: m.reasons[reason] })]),
        words.kept,
      ])}
    </p>
  );
}
