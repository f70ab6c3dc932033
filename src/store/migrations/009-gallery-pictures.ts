/** An article may wait for several pictures of a followed tree: those of a gallery beside its lead. */
export const galleryPictures = `
CREATE TABLE replica_picture_of (
  replica_id INTEGER NOT NULL REFERENCES replica (id) ON DELETE CASCADE,
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  sha256     BLOB NOT NULL CHECK (length(sha256) = 32),
  bytes      INTEGER NOT NULL,
  src        TEXT NOT NULL,
  step       TEXT NOT NULL,
  type       TEXT NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  tries      INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (replica_id, article_id, src, step)
) STRICT;
INSERT INTO replica_picture_of SELECT replica_id, article_id, sha256, bytes, src, step, type, width, height, tries FROM replica_picture;
DROP TABLE replica_picture;
ALTER TABLE replica_picture_of RENAME TO replica_picture;
`;
