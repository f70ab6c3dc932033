import { makeAdminToken } from '../config/admin-token.js';
import type { Config } from '../config/config.js';
import type { Clock } from '../domain/clock.js';
import type { Log } from '../domain/log.js';
import { isLoopbackHost } from '../keeper/exposure.js';
import { historyOf } from '../keeper/history.js';
import { keeperPage } from '../keeper/page/keeper-page.js';
import { KEEPER_STYLE_SOURCE } from '../keeper/page/style.js';
import type { StatusReport } from '../keeper/status.js';
import { createAdminApp, type KeeperWord } from '../serve/admin-app.js';
import type { Store } from '../store/store.js';

const HISTORY_DAYS = 30;
/** How long a button waits for its deed before the page says that it is on its way. */
const PATIENCE_MS = 4_000;

export interface KeeperSideDeps {
  /** The database readers get now: another may have taken its place. */
  store: () => Store;
  clock: Clock;
  log: Log;
  status: () => StatusReport;
  metrics: () => string;
  /** Resolves with the words that were obeyed; rejects where none could be. */
  decide: (words: readonly KeeperWord[]) => Promise<readonly KeeperWord[]>;
}

/** All that answers the keeper: health, metrics, and the page with its buttons. */
export function createKeeperSide(config: Config, deps: KeeperSideDeps) {
  const { store, clock, log } = deps;
  const onTheWay = new Set<number>();
  let said: string | null = null;

  async function obey(words: readonly KeeperWord[]): Promise<void> {
    const fresh = words.filter(({ id }) => !onTheWay.has(id));
    if (fresh.length === 0) return;
    for (const { id } of fresh) onTheWay.add(id);
    said = null;
    try {
      const obeyed = await deps.decide(fresh);
      said = saidText(obeyed, fresh.length);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      log.warn('decision-not-done', { reason });
      said = `It could not be done: ${reason}. Nothing was changed; say it again in a minute.`;
    } finally {
      for (const { id } of fresh) onTheWay.delete(id);
    }
  }

  return createAdminApp(
    { hosts: [config.admin.listen.host, ...config.admin.hosts], token: tokenFor(config, log) },
    {
      healthy: () => store().changes.lastSeq() >= 0,
      metrics: deps.metrics,
      styleSource: KEEPER_STYLE_SOURCE,
      page: (csrf) => {
        const text = keeperPage({
          report: deps.status(),
          days: historyOf(store(), config.home, clock.now(), HISTORY_DAYS),
          csrf,
          onTheWay,
          said,
        });
        // Told once.
        said = null;
        return text;
      },
      decide: async (words) => {
        const patience = new AbortController();
        await Promise.race([obey(words), clock.sleep(PATIENCE_MS, patience.signal).catch(() => {})]);
        patience.abort();
      },
    },
  );
}

function saidText(obeyed: readonly KeeperWord[], asked: number): string {
  const accepted = obeyed.filter(({ verdict }) => verdict === 'accept').length;
  const words = [
    accepted > 0 ? `${accepted} accepted` : null,
    obeyed.length > accepted ? `${obeyed.length - accepted} refused` : null,
    asked > obeyed.length ? `${asked - obeyed.length} did not wait any more` : null,
  ];
  return `Done: ${words.filter((word) => word !== null).join(', ')}.`;
}

/** None on this machine alone; elsewhere the one of the configuration, or one made now. */
function tokenFor(config: Config, log: Log): string | null {
  if (config.admin.token !== null) return config.admin.token;
  if (isLoopbackHost(config.admin.listen.host)) return null;
  const { token, file } = makeAdminToken(config.home);
  log.warn('admin-token-made', { file, why: 'admin.listen is not this machine alone' });
  return token;
}
