import { nextTryText, passText } from '../phrases.js';
import type { PublisherStatus, SourceStatus } from '../status.js';
import { agoText, countText, timeText } from '../units.js';

/** Whom this node mirrors, with every source, its state and the reason. */
export function Publishers({ publishers, now }: { publishers: readonly PublisherStatus[]; now: number }) {
  return (
    <section aria-labelledby="sources">
      <h2 id="sources">Publishers and their sources</h2>
      <div class="publishers">
        {publishers.map((publisher) => (
          <Publisher publisher={publisher} now={now} />
        ))}
      </div>
    </section>
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
        {state !== 'untried' && `since ${timeText(sinceAt)}, `}next try: {nextTryText(source, now)}.
      </span>
      {reason !== null && <p>{reason}</p>}
    </li>
  );
}
