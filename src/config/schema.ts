import { z } from 'zod';
import { isPublisherId } from '../domain/publisher.js';
import { refuse } from './explain.js';
import { given, list, listen, text } from './keys.js';
import { desk } from './sections/desk.js';
import { follow, join } from './sections/follow.js';
import { admin, alerts, log } from './sections/keeper.js';
import { limits } from './sections/limits.js';
import { http, line, site, tls } from './sections/readers.js';
import { backup, retention } from './sections/safekeeping.js';
import { fetch, pictures, removal, staleness, sync } from './sections/sources.js';

/** In the order of the example file. Each section stands in a file under `sections/`. */
const keysAndSections = z.strictObject({
  home: text(
    'Folder of the database, pictures and keys. Relative to the working directory.',
    'a path',
    given,
    'data/state',
  ),
  listen: listen('Address that readers are served on.', '127.0.0.1:8080'),
  publishers: list(
    'Publishers to mirror, by id. `publishers list` names those there are.',
    'a list of publisher ids',
    isPublisherId,
    ['moscow-times', 'moscow-times-ru'],
  ),
  join,
  follow,
  site,
  sync,
  fetch,
  http,
  tls,
  limits,
  pictures,
  line,
  admin,
  alerts,
  log,
  removal,
  staleness,
  desk,
  backup,
  retention,
});

/** The configuration as it is written in the file. A key that is not here is an error. */
export const configSchema = keysAndSections.superRefine(({ alerts, tls, staleness, line }, context) => {
  if ((tls.cert === null) !== (tls.key === null)) {
    refuse(
      context,
      ['tls', tls.cert === null ? 'cert' : 'key'],
      'tls.cert and tls.key are set together or not at all',
    );
  }
  if ((alerts.smtp === null) !== (alerts.to.length === 0)) {
    refuse(
      context,
      ['alerts', alerts.smtp === null ? 'smtp' : 'to'],
      'alerts.smtp and alerts.to are set together or not at all',
    );
  }
  if (staleness.silentAfter <= staleness.quietAfter) {
    refuse(context, ['staleness', 'silentAfter'], 'it must be longer than staleness.quietAfter');
  }
  if (line.bodyBytes >= line.freezeBytes) {
    refuse(context, ['line', 'bodyBytes'], 'it must be smaller than line.freezeBytes');
  }
});
