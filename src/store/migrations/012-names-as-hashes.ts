/**
 * Other names of an article, as hashes: an address that its publisher gave up may spell the name of somebody who has a pseudonym now.
 * Needs the function `alias_hash` while it runs.
 */
export const namesAsHashes = `
CREATE TABLE alias_by_hash (
  publisher_id TEXT NOT NULL,
  hash         BLOB NOT NULL CHECK (length(hash) = 16),
  article_id   INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  PRIMARY KEY (publisher_id, hash)
) STRICT, WITHOUT ROWID;
INSERT INTO alias_by_hash SELECT publisher_id, alias_hash(name), article_id FROM article_alias;
DROP TABLE article_alias;
ALTER TABLE alias_by_hash RENAME TO article_alias;
CREATE INDEX article_alias_by_article ON article_alias (article_id);
`;
