/** A crowd arrives in bursts: so many seconds' worth of requests may come at once after a pause. */
const BURST_SECONDS = 5;

/**
 * A token bucket for the whole node. It knows no reader, so it needs no list of them. `now` is in milliseconds and never goes back.
 */
export function createRequestRate(perSecond: number, now: () => number): { take(): boolean } {
  const most = perSecond * BURST_SECONDS;
  let tokens = most;
  let filledAt = now();
  return {
    take: () => {
      const at = now();
      tokens = Math.min(most, tokens + ((at - filledAt) / 1_000) * perSecond);
      filledAt = at;
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
  };
}
