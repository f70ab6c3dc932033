import type { Config } from '../config/config.js';
import { UsageError } from '../domain/errors.js';
import { type Listening, listen } from '../serve/listen.js';

/** The demo takes any free port for its keeper's side, so that it starts beside a real node. */
export async function listenForKeeper(
  admin: Parameters<typeof listen>[0],
  address: Config['admin']['listen'],
  anyPort: boolean,
): Promise<Listening> {
  try {
    return await listen(admin, address);
  } catch (error) {
    if (!(error instanceof UsageError) || error.code !== 'port-taken') throw error;
    if (anyPort) return listen(admin, { ...address, port: 0 });
    throw new UsageError(
      'admin-port-taken',
      `something else already listens on ${address.host}:${address.port}, the keeper's address`,
      {
        hint: `Stop it, or choose another with admin.listen in the config, or TAMIZDAT_ADMIN_LISTEN=${address.host}:${address.port + 1}.`,
        cause: error,
      },
    );
  }
}
