import { count, flag, given, optional, optionalDuration, optionalSize, section } from '../keys.js';

export const backup = section({
  daily: flag('Back the node up once a day, after a pass. Keys are never in it.', true),
  keep: count('How many automatic backups are kept; older ones are deleted.', 7, 1, 1_000),
  dir: optional('Folder of automatic backups, best on another disk. Null: <home>/backups.', 'a path', given),
});

export const retention = section({
  maxAge: optionalDuration(
    'Articles published longer ago than this are dropped, unless they are pinned.',
    '7d',
    '36500d',
  ),
  maxBytes: optionalSize(
    'Size that the database may reach; past it the oldest articles are dropped, unless they are pinned.',
    '20MB',
    '10000GB',
  ),
});
