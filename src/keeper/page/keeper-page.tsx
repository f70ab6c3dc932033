import type { HistoryDay } from '../history.js';
import { nextTryText, passText } from '../phrases.js';
import type { PublisherStatus, SourceStatus, StatusReport } from '../status.js';
import { agoText, countText, sizeText, spanText, timeText } from '../units.js';
import { Charts } from './charts.js';
import { KEEPER_STYLE } from './style.js';
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
          <section aria-labelledby="sources">
            <h2 id="sources">Publishers and their sources</h2>
            <div class="publishers">
              {report.publishers.map((publisher) => (
                <Publisher publisher={publisher} now={report.at} />
              ))}
            </div>
          </section>
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

function Tiles({ report }: { report: StatusReport }) {
  const { at, articles, disk, traffic, lastPassAt, firstStartAt, backup, certificate, dirtyGroups } = report;
  return (
    <dl class="tiles">
      <Tile
        label="Articles"
        value={countText(articles.live)}
        more={`${countText(articles.removed)} removed; ${dirtyGroups === 0 ? 'every page is current' : `${countText(dirtyGroups)} groups of pages to render`}`}
      />
      <Tile
        label="Last pass"
        value={agoText(lastPassAt, at)}
        more={lastPassAt === null ? 'the first is under way' : timeText(lastPassAt)}
      />
      <Tile
        label="Traffic today"
        value={sizeText(traffic.todayBytes)}
        part={traffic.todayBytes}
        of={traffic.todayAllowance}
        more={`${countText(traffic.todayAnswers)} answers${traffic.todayAllowance === null ? '' : `; ${sizeText(traffic.todayAllowance)} are allowed`}`}
      />
      <Tile
        label="Traffic this month"
        value={sizeText(traffic.monthBytes)}
        part={traffic.monthBytes}
        of={traffic.monthCap}
        more={traffic.monthCap === null ? 'no cap' : `of ${sizeText(traffic.monthCap)}`}
      />
      <Tile
        label="Disk"
        value={`${sizeText(disk.freeBytes)} free`}
        part={disk.databaseBytes}
        of={disk.databaseBytes + disk.freeBytes}
        more={`the database takes ${sizeText(disk.databaseBytes)}`}
      />
      <Tile
        label="Pictures"
        value={sizeText(disk.picturesBytes)}
        part={disk.picturesBytes}
        of={disk.picturesMaxBytes}
        more={`${countText(disk.pictures)}, of at most ${sizeText(disk.picturesMaxBytes)}`}
      />
      <Tile
        label="Last backup"
        value={agoText(backup.at, at)}
        more={backup.trouble ?? (backup.daily ? 'one is made each day' : 'only by hand: backup.daily is off')}
      />
      <Tile
        label="This mirror"
        value={firstStartAt === null ? 'new' : spanText(at - firstStartAt)}
        more={firstStartAt === null ? '' : `since ${timeText(firstStartAt)}`}
      />
      {certificate !== null && (
        <Tile
          label="Certificate"
          value={agoText(certificate.expiresAt, at)}
          more={`runs out ${timeText(certificate.expiresAt)}; ${certificate.key}, ${countText(certificate.chainBytes)} B`}
        />
      )}
    </dl>
  );
}

function Tile(tile: { label: string; value: string; more: string; part?: number; of?: number | null }) {
  const { part = 0, of = null } = tile;
  const share = of === null || of <= 0 ? null : Math.min(1, part / of);
  return (
    <div class="card">
      <dt>{tile.label}</dt>
      <dd>
        {tile.value}
        {share !== null && (
          <svg class="meter" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">
            <title>{`${Math.round(share * 100)} %`}</title>
            <rect class="back" width="100" height="4" />
            <rect
              class={share > 0.9 ? 'near' : 'full'}
              width={Math.max(0.5, share * 100).toFixed(1)}
              height="4"
            />
          </svg>
        )}
        <small>{tile.more}</small>
      </dd>
    </div>
  );
}

function Publisher({ publisher, now }: { publisher: PublisherStatus; now: number }) {
  return (
    <article class="card publisher">
      <header>
        <h3>
          <bdi>{publisher.name}</bdi>
        </h3>
        <p>{publisher.id}</p>
      </header>
      <p class="muted">
        {countText(publisher.articles)} articles. Heard {agoText(publisher.heardAt, now)}
        {publisher.newsAt !== null && `, news ${agoText(publisher.newsAt, now)}`}. Last pass:{' '}
        {passText(publisher, now)}.
      </p>
      <ul>
        {publisher.sources.map((source) => (
          <Source source={source} now={now} />
        ))}
      </ul>
    </article>
  );
}

function Source({ source, now }: { source: SourceStatus; now: number }) {
  const { state, url, reason, sinceAt, role } = source;
  return (
    <li>
      <span class={`state ${state === 'quiet' ? 'quiet-state' : state}`}>{state}</span>
      {url}
      <span class="muted">
        {' '}
        {role === 'fallback' && 'fallback, '}
        {state !== 'untried' && `since ${timeText(sinceAt)}, `}asked {nextTryText(source, now)}.
      </span>
      {reason !== null && <p>{reason}</p>}
    </li>
  );
}

function Trust({ report: { keys, peers, mirrors, verified, at } }: { report: StatusReport }) {
  if (keys.length + peers.length + mirrors.length === 0 && verified === null) return null;
  return (
    <section aria-labelledby="trust">
      <h2 id="trust">Signatures and peers</h2>
      <div class="stack">
        {verified !== null && (
          <p class={`card ${verified.ok ? '' : 'fail'}`}>
            {verified.ok ? 'Everything verified' : `Did not verify: ${verified.reason ?? 'no reason given'}`},{' '}
            {agoText(verified.at, at)}.
          </p>
        )}
        {keys.length > 0 && (
          <ul class="card">
            {keys.map(({ role, expiresAt }) => (
              <li>
                What the <b>{role}</b> key signed runs out {agoText(expiresAt, at)}, {timeText(expiresAt)}.
              </li>
            ))}
          </ul>
        )}
        {mirrors.length > 0 && (
          <ul class="card">
            {mirrors.map(({ url, verdict, reason, at: lookedAt }) => (
              <li>
                <span class="state">{verdict}</span>
                the mirror {url}, looked at {agoText(lookedAt, at)}
                {reason !== null && `: ${reason}`}
              </li>
            ))}
          </ul>
        )}
        {peers.length > 0 && (
          <ul class="card">
            {peers.map(({ url, state, heardAt, reason }) => (
              <li>
                <span class="state">{state}</span>
                {url}, heard {agoText(heardAt, at)}
                {reason !== null && `: ${reason}`}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
