import { count, section, size } from '../keys.js';

export const limits = section({
  bytesPerMonth: size(
    'What serving readers may cost in a calendar month (UTC): bytes written to their connections. Each day may spend what is left, divided by the days that are left.',
    '50GB',
    '10MB',
    '1000000GB',
  ),
  requestsPerSecond: count(
    'Requests answered in a second, over all readers; five seconds of them may come at once.',
    50,
    1,
    1_000_000,
  ),
  connections: count('Connections of readers open at the same time.', 500, 1, 100_000),
});
