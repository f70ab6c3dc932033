/** How passes ended, day by day, for longer than the passes themselves are kept; and two counts that were a walk over every text and picture. */
export const keeper = `
CREATE TABLE pass_day (
  day          TEXT NOT NULL CHECK (length(day) = 10),
  publisher_id TEXT NOT NULL REFERENCES publisher (id),
  outcome      TEXT NOT NULL,
  passes       INTEGER NOT NULL,
  PRIMARY KEY (day, publisher_id, outcome)
) STRICT, WITHOUT ROWID;
INSERT INTO pass_day (day, publisher_id, outcome, passes)
  SELECT strftime('%Y-%m-%d', ended_at / 1000, 'unixepoch'), publisher_id, outcome, count(*) FROM pass
  WHERE ended_at IS NOT NULL AND outcome IS NOT NULL GROUP BY 1, 2, 3;
CREATE INDEX article_by_state ON article (publisher_id, state);
CREATE INDEX media_by_size ON media (length(bytes));
`;
