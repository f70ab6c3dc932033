import type { StatusReport } from '../status.js';
import { agoText, timeText } from '../units.js';

/** When signatures run out, whom the node follows, and where else it can be read. Nothing where there is none of it. */
export function Trust({ report: { keys, peers, mirrors, verified, at } }: { report: StatusReport }) {
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
