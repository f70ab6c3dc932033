/** What serving cost, by UTC day. The serving process keeps the days of this month in a file; this is the long memory. */
export const traffic = `
CREATE TABLE traffic (
  day         TEXT PRIMARY KEY CHECK (length(day) = 10),
  bytes       INTEGER NOT NULL,
  answers_2xx INTEGER NOT NULL,
  answers_3xx INTEGER NOT NULL,
  answers_4xx INTEGER NOT NULL,
  answers_5xx INTEGER NOT NULL
) STRICT;
`;
