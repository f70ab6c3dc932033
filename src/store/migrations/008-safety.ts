/**
 * Articles that fell out of retention keep their row, emptied, so that numbers counted from the oldest and the change sequence stay
 * what they are, and a feed that still names one does not bring it back. Pins name articles as the tree does: they outlive a rebuild.
 */
export const safety = `
ALTER TABLE article ADD COLUMN pruned_at INTEGER;
CREATE INDEX article_kept ON article (published_at, id) WHERE pruned_at IS NULL;
CREATE INDEX article_kept_of ON article (publisher_id, published_at, id) WHERE pruned_at IS NULL;
CREATE INDEX article_pruned ON article (publisher_id, published_at, id) WHERE pruned_at IS NOT NULL;
DROP INDEX article_by_state;
CREATE INDEX article_by_state ON article (publisher_id, state) WHERE pruned_at IS NULL;
CREATE INDEX media_unused ON media (sha256) WHERE refs = 0;
CREATE TABLE pin (
  publisher_id TEXT NOT NULL,
  stable_id    TEXT NOT NULL,
  pinned_at    INTEGER NOT NULL,
  PRIMARY KEY (publisher_id, stable_id)
) STRICT, WITHOUT ROWID;
`;
