/**
 * Where a mirror can be reached. `mirror_address` is what this desk makes public; `mirror_card` holds cards handed to the keeper,
 * whose addresses are private: they are asked as peers and never shown or passed on.
 */
export const addresses = `
CREATE TABLE mirror_address (
  url      TEXT PRIMARY KEY,
  added_at INTEGER NOT NULL
) STRICT;

CREATE TABLE mirror_card (
  card       TEXT PRIMARY KEY,
  repository TEXT NOT NULL,
  urls       TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  added_at   INTEGER NOT NULL
) STRICT;
`;
