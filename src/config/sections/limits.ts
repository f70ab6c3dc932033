import { count, section, size } from '../keys.js';

export const limits = section({
  bytesPerMonth: size(
    'Traffic to readers allowed in a calendar month (UTC). A day’s allowance is what is left of it, divided by the days left.',
    '50GB',
    '10MB',
    '1000000GB',
  ),
  requestsPerSecond: count(
    'Requests answered per second, for all readers together; bursts of five seconds’ worth are allowed.',
    50,
    1,
    1_000_000,
  ),
  connections: count('Connections of readers open at the same time.', 500, 1, 100_000),
});
