import { isPublisherId } from '../../domain/publisher.js';
import { isRouteUrl } from '../addresses.js';
import { duration, flag, list, optional, optionalSize, section } from '../keys.js';

const isTrustString = (value: string) => /^tz1:[A-Za-z0-9_-]{43}@\S+$/.test(value);

export const join = list(
  'Nodes to follow instead of publishers, as trust strings. Publishers are then synced only if `publishers` is set.',
  'a list of tz1:HASH@ADDRESS,ADDRESS',
  isTrustString,
  [],
);

export const follow = section({
  publishers: list(
    'Take only these publishers from the nodes that are followed. Empty: all of them.',
    'a list of publisher ids',
    isPublisherId,
    [],
  ),
  maxAge: duration('Older articles are not taken from the nodes that are followed.', '3650d', '1d', '36500d'),
  maxBytes: optionalSize(
    'Space for texts and pictures of each node that is followed; the oldest articles are dropped, unless they are pinned.',
    '1MB',
    '10000GB',
  ),
  pictures: flag('Also take pictures.', true),
  route: optional(
    'Proxy for the nodes that are followed, such as Tor for onion addresses. Null: as fetch.route says.',
    'http://HOST:PORT or socks5://HOST:PORT',
    isRouteUrl,
    true,
  ),
});
