import type { HistoryDay } from '../history.js';
import type { StatusReport } from '../status.js';
import { timeText } from '../units.js';
import { Charts } from './charts.js';
import { Publishers } from './publishers.js';
import { KEEPER_STYLE } from './style.js';
import { Tiles } from './tiles.js';
import { Trust } from './trust.js';
import { Waiting } from './waiting.js';

export interface KeeperView {
  report: StatusReport;
  days: readonly HistoryDay[];
  /** Put into every form, and asked back: a page of somebody else's cannot know it. */
  csrf: string;
  onTheWay: ReadonlySet<number>;
  /** What became of the last word that was said; null: nothing to tell. */
  said: string | null;
}

/** The keeper's page as a whole document: the same as `status`, and how it was over the last days. */
export function keeperPage(view: KeeperView): string {
  const { report, days, said } = view;
  const document = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width,initial-scale=1" />
        <meta name="robots" content="noindex" />
        <title>{`Keeper: ${report.name}`}</title>
        <style>{KEEPER_STYLE}</style>
      </head>
      <body>
        <Head report={report} />
        <main>
          {said !== null && (
            <p class="card said" role="status">
              {said}
            </p>
          )}
          <Waiting waiting={report.waiting} onTheWay={view.onTheWay} csrf={view.csrf} now={report.at} />
          <Troubles report={report} />
          <Tiles report={report} />
          <Publishers publishers={report.publishers} now={report.at} />
          <Charts days={days} />
          <Trust report={report} />
        </main>
        <footer>
          <p>
            On the command line: <code>tamizdat status</code>, <code>tamizdat doctor</code>,{' '}
            <code>tamizdat decisions list</code>. For Prometheus: <a href="metrics">metrics</a>. No reader is
            known to this page: it counts bytes and answers, nothing else.
          </p>
        </footer>
      </body>
    </html>
  );
  return `<!doctype html>${String(document)}`;
}

function Head({ report }: { report: StatusReport }) {
  const { name, version, home, at, urls, waiting, troubles } = report;
  const worst = troubles.some(({ level }) => level === 'fail') ? 'fail' : 'warn';
  const things = waiting.length + troubles.length;
  return (
    <header>
      <h1>{name}</h1>
      <p class={things === 0 ? 'verdict' : `verdict ${worst}`}>
        {things === 0 ? 'All is well' : `${things} ${things === 1 ? 'thing needs' : 'things need'} you`}
      </p>
      <p>
        Version {version}, in {home}
        {urls.length > 0 && ', at '}
        {urls.map((url, index) => (
          <>
            {index > 0 && ', '}
            <a href={url}>{url}</a>
          </>
        ))}
        . As of {timeText(at)}. <a href="./">Look again</a>
      </p>
    </header>
  );
}

function Troubles({ report: { troubles } }: { report: StatusReport }) {
  if (troubles.length === 0) return null;
  return (
    <section aria-labelledby="troubles">
      <h2 id="troubles">To look at</h2>
      <div class="stack">
        {troubles.map(({ level, what, todo }) => (
          <article class={`card ${level}`}>
            <h3>{what}</h3>
            <p class="muted">{todo}</p>
          </article>
        ))}
      </div>
    </section>
  );
}
