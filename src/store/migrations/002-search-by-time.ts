/** The index is ordered by publishing time (search-table.ts says how); what was indexed before comes back with its next change. */
export const searchByTime = `
INSERT INTO search (search) VALUES ('delete-all');
CREATE TABLE search_place (
  article_id INTEGER PRIMARY KEY REFERENCES article (id) ON DELETE CASCADE,
  place      INTEGER NOT NULL
) STRICT;
`;
