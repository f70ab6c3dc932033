import type { WaitingDecision } from '../status.js';
import { agoText } from '../units.js';

/** More questions of one kind about one publisher are asked together too: a seized site brings hundreds. */
const ONE_BY_ONE = 3;

/** Null: a key that is not on this machine has to say it. */
const YES: Readonly<Record<WaitingDecision['kind'], string | null>> = {
  removal: 'Remove it here too',
  rewrite: 'Take the new text',
  moved: 'Follow it there',
  'sign-removals': null,
};
const NO = {
  removal: 'Keep our copy',
  rewrite: 'Keep our text',
  moved: 'Stay at the old address',
  'sign-removals': 'Do not sign',
} as const;
const ALL_YES: typeof YES = {
  removal: 'Remove all',
  rewrite: 'Take all new texts',
  moved: 'Follow all',
  'sign-removals': null,
};
const ALL_NO = {
  removal: 'Keep all our copies',
  rewrite: 'Keep all our texts',
  moved: 'Follow none',
  'sign-removals': 'Sign none',
} as const;
const ADVICE = {
  removal:
    'Before you say yes, ask the publisher by a way you knew before: a seized site must not empty its mirrors.',
  rewrite: 'Look at the original: a correction is one thing, a site in other hands another.',
  'sign-removals':
    'So many removals in a day are believed elsewhere only when the owner’s key has signed them: a thief of this machine must not empty the mirrors.',
  moved: 'Look whether the new address is the publisher’s: a lost domain may belong to somebody else.',
} as const;

interface WaitingView {
  waiting: readonly WaitingDecision[];
  /** Ids whose answer is on its way to the process that writes. */
  onTheWay: ReadonlySet<number>;
  csrf: string;
  now: number;
}

/** What waits for the keeper, with the buttons that decide it. */
export function Waiting({ waiting, onTheWay, csrf, now }: WaitingView) {
  if (waiting.length === 0) return null;
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">Needs your decision</h2>
      <div class="stack">
        {grouped(waiting).map((group) => {
          const cards = group.map((one) => <One one={one} onTheWay={onTheWay} csrf={csrf} now={now} />);
          if (group.length <= ONE_BY_ONE) return cards;
          return (
            <article class="card ask">
              <Together group={group} onTheWay={onTheWay} csrf={csrf} />
              <details>
                <summary>One by one</summary>
                <div class="stack">{cards}</div>
              </details>
            </article>
          );
        })}
      </div>
    </section>
  );
}

function One({ one, onTheWay, csrf, now }: { one: WaitingDecision } & Omit<WaitingView, 'waiting'>) {
  return (
    <article class="card ask">
      <h3>
        {one.publisherId}: {one.what}
      </h3>
      <p class="muted">
        Asked {agoText(one.askedAt, now)}. {ADVICE[one.kind]}
        {one.url !== null && (
          <>
            {' '}
            <a href={one.url} rel="noreferrer">
              The original
            </a>
          </>
        )}
      </p>
      <Answer
        ids={[one.id]}
        onTheWay={onTheWay.has(one.id)}
        yes={YES[one.kind]}
        no={NO[one.kind]}
        csrf={csrf}
      />
      <p class="muted">
        or <code>{one.accept}</code> or <code>{one.refuse}</code>
      </p>
    </article>
  );
}

function Together({
  group,
  onTheWay,
  csrf,
}: { group: readonly WaitingDecision[] } & Pick<WaitingView, 'onTheWay' | 'csrf'>) {
  const [first] = group;
  if (first === undefined) return null;
  const { kind, publisherId } = first;
  const what = {
    removal: 'removals',
    rewrite: 'rewritten texts',
    moved: 'moves',
    'sign-removals': 'lots of removals to sign',
  }[kind];
  return (
    <>
      <h3>
        {publisherId}: {group.length} {what} wait
      </h3>
      <p class="muted">{ADVICE[kind]}</p>
      <Answer
        ids={group.map(({ id }) => id)}
        onTheWay={group.every(({ id }) => onTheWay.has(id))}
        yes={ALL_YES[kind]}
        no={ALL_NO[kind]}
        csrf={csrf}
      />
    </>
  );
}

function Answer(view: {
  ids: readonly number[];
  onTheWay: boolean;
  yes: string | null;
  no: string;
  csrf: string;
}) {
  if (view.onTheWay) return <p>Said. It is done as soon as the pass under way is over.</p>;
  return (
    <>
      {(view.yes === null ? (['refuse'] as const) : (['refuse', 'accept'] as const)).map((verdict) => (
        <form method="post" action="decide">
          <input type="hidden" name="csrf" value={view.csrf} />
          <input type="hidden" name="ids" value={view.ids.join(',')} />
          <input type="hidden" name="verdict" value={verdict} />
          <button type="submit" class={verdict === 'accept' ? 'quiet' : ''}>
            {verdict === 'accept' ? view.yes : view.no}
          </button>
        </form>
      ))}
    </>
  );
}

function grouped(waiting: readonly WaitingDecision[]): WaitingDecision[][] {
  const groups = new Map<string, WaitingDecision[]>();
  for (const one of waiting) {
    const key = `${one.publisherId} ${one.kind}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  return [...groups.values()];
}
