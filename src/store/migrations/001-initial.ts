/** The first schema. Times are milliseconds since the epoch; JSON columns are written and read by one file each. */
export const initial = `
CREATE TABLE publisher (
  id          TEXT PRIMARY KEY,
  definition  TEXT NOT NULL,
  active      INTEGER NOT NULL,
  position    INTEGER NOT NULL,
  silence     TEXT NOT NULL DEFAULT 'none' CHECK (silence IN ('none', 'quiet', 'silent')),
  silence_reason TEXT,
  heard_at    INTEGER,
  news_at     INTEGER
) STRICT;

CREATE TABLE source (
  publisher_id  TEXT NOT NULL REFERENCES publisher (id),
  url           TEXT NOT NULL,
  state         TEXT NOT NULL DEFAULT 'untried'
                CHECK (state IN ('untried', 'fresh', 'quiet', 'stale', 'suspect', 'blocked', 'broken')),
  since_at      INTEGER NOT NULL,
  reason        TEXT,
  tried_at      INTEGER,
  succeeded_at  INTEGER,
  next_try_at   INTEGER,
  failures      INTEGER NOT NULL DEFAULT 0,
  etag          TEXT,
  last_modified TEXT,
  body_hash     BLOB,
  PRIMARY KEY (publisher_id, url)
) STRICT;

CREATE TABLE article (
  id            INTEGER PRIMARY KEY,
  publisher_id  TEXT NOT NULL REFERENCES publisher (id),
  stable_id     TEXT NOT NULL,
  key           BLOB NOT NULL UNIQUE CHECK (length(key) = 16),
  state         TEXT NOT NULL DEFAULT 'live' CHECK (state IN ('live', 'withdrawn', 'tombstone')),
  state_reason  TEXT,
  guid          TEXT,
  url           TEXT NOT NULL,
  language      TEXT NOT NULL,
  direction     TEXT NOT NULL CHECK (direction IN ('ltr', 'rtl')),
  title         TEXT NOT NULL,
  subtitle      TEXT NOT NULL,
  summary       TEXT NOT NULL,
  authors       TEXT NOT NULL,
  published_at  INTEGER NOT NULL,
  modified_at   INTEGER,
  section       TEXT,
  section_slug  TEXT,
  tags          TEXT NOT NULL,
  kind          TEXT NOT NULL,
  lead          TEXT,
  content       TEXT NOT NULL,
  words         INTEGER NOT NULL,
  origin        TEXT NOT NULL CHECK (origin IN ('page', 'feed', 'teaser')),
  revision      INTEGER NOT NULL,
  revised_at    INTEGER,
  taken_at      INTEGER NOT NULL,
  page_state    TEXT NOT NULL CHECK (page_state IN ('none', 'due', 'read', 'blocked', 'failed')),
  page_reason   TEXT,
  page_tries    INTEGER NOT NULL DEFAULT 0,
  page_due_at   INTEGER,
  checks        INTEGER NOT NULL DEFAULT 0,
  missing       INTEGER NOT NULL DEFAULT 0,
  missing_at    INTEGER,
  earlier       TEXT,
  UNIQUE (publisher_id, stable_id)
) STRICT;
CREATE INDEX article_by_time ON article (publisher_id, published_at, id);
CREATE INDEX article_by_section ON article (publisher_id, section_slug, published_at, id) WHERE section_slug IS NOT NULL;
CREATE INDEX article_by_language ON article (language, published_at, id);
CREATE INDEX article_newest ON article (published_at, id);
CREATE INDEX article_page_due ON article (page_due_at) WHERE page_due_at IS NOT NULL;

CREATE TABLE article_alias (
  publisher_id TEXT NOT NULL,
  name         TEXT NOT NULL,
  article_id   INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  PRIMARY KEY (publisher_id, name)
) STRICT;
CREATE INDEX article_alias_by_article ON article_alias (article_id);

CREATE TABLE article_entry (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  source_url TEXT NOT NULL,
  hash       BLOB NOT NULL,
  PRIMARY KEY (article_id, source_url)
) STRICT, WITHOUT ROWID;

CREATE TABLE revision (
  article_id  INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  number      INTEGER NOT NULL,
  taken_at    INTEGER NOT NULL,
  modified_at INTEGER,
  fields      TEXT NOT NULL,
  body        TEXT NOT NULL,
  PRIMARY KEY (article_id, number)
) STRICT;

CREATE TABLE change (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  at           INTEGER NOT NULL,
  kind         TEXT NOT NULL
               CHECK (kind IN ('publish', 'correct', 'withdraw', 'expunge', 'restore', 'silence', 'publisher')),
  publisher_id TEXT NOT NULL REFERENCES publisher (id),
  article_id   INTEGER REFERENCES article (id),
  revision     INTEGER
) STRICT;
CREATE INDEX change_by_publisher ON change (publisher_id, seq);
CREATE INDEX change_by_article ON change (article_id) WHERE article_id IS NOT NULL;

CREATE TABLE media (
  sha256     BLOB PRIMARY KEY CHECK (length(sha256) = 32),
  type       TEXT NOT NULL,
  width      INTEGER NOT NULL,
  height     INTEGER NOT NULL,
  bytes      BLOB NOT NULL,
  refs       INTEGER NOT NULL DEFAULT 0 CHECK (refs >= 0),
  stored_at  INTEGER NOT NULL
) STRICT;

CREATE TABLE article_media (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  src        TEXT NOT NULL,
  step       TEXT NOT NULL,
  sha256     BLOB NOT NULL REFERENCES media (sha256),
  PRIMARY KEY (article_id, src, step)
) STRICT;
CREATE INDEX article_media_by_hash ON article_media (sha256);
CREATE TRIGGER article_media_counts_up AFTER INSERT ON article_media
  BEGIN UPDATE media SET refs = refs + 1 WHERE sha256 = new.sha256; END;
CREATE TRIGGER article_media_counts_down AFTER DELETE ON article_media
  BEGIN UPDATE media SET refs = refs - 1 WHERE sha256 = old.sha256; END;

CREATE TABLE picture (
  article_id INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  src        TEXT NOT NULL,
  state      TEXT NOT NULL CHECK (state IN ('due', 'stored', 'denied', 'failed')),
  reason     TEXT,
  tries      INTEGER NOT NULL DEFAULT 0,
  due_at     INTEGER,
  PRIMARY KEY (article_id, src)
) STRICT;
CREATE INDEX picture_due ON picture (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE page (
  path        TEXT NOT NULL UNIQUE,
  group_key   TEXT NOT NULL,
  status      INTEGER NOT NULL,
  type        TEXT NOT NULL,
  etag        TEXT NOT NULL,
  modified_at INTEGER NOT NULL,
  version     INTEGER NOT NULL,
  absolute    INTEGER NOT NULL,
  raw_bytes   INTEGER NOT NULL,
  gzip_bytes  INTEGER NOT NULL,
  br_bytes    INTEGER NOT NULL,
  gzip        BLOB NOT NULL,
  br          BLOB NOT NULL
) STRICT;
CREATE INDEX page_by_group ON page (group_key);
CREATE INDEX page_by_version ON page (version);

CREATE TABLE dirty (
  group_key  TEXT PRIMARY KEY,
  priority   INTEGER NOT NULL,
  first_page INTEGER,
  last_page  INTEGER
) STRICT;
CREATE INDEX dirty_by_priority ON dirty (priority);

CREATE TABLE pass (
  id           INTEGER PRIMARY KEY,
  publisher_id TEXT NOT NULL REFERENCES publisher (id),
  started_at   INTEGER NOT NULL,
  ended_at     INTEGER,
  outcome      TEXT,
  reason       TEXT,
  fresh        INTEGER NOT NULL DEFAULT 0,
  changed      INTEGER NOT NULL DEFAULT 0,
  unchanged    INTEGER NOT NULL DEFAULT 0,
  removed      INTEGER NOT NULL DEFAULT 0,
  failed       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX pass_by_publisher ON pass (publisher_id, id);

CREATE TABLE pass_problem (
  pass_id INTEGER NOT NULL REFERENCES pass (id) ON DELETE CASCADE,
  subject TEXT NOT NULL,
  reason  TEXT NOT NULL
) STRICT;
CREATE INDEX pass_problem_by_pass ON pass_problem (pass_id);

CREATE TABLE decision (
  id           INTEGER PRIMARY KEY,
  publisher_id TEXT NOT NULL REFERENCES publisher (id),
  kind         TEXT NOT NULL,
  detail       TEXT NOT NULL,
  asked_at     INTEGER NOT NULL,
  decided_at   INTEGER,
  verdict      TEXT CHECK (verdict IN ('accept', 'refuse')),
  UNIQUE (publisher_id, kind, detail)
) STRICT;

CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE VIRTUAL TABLE search USING fts5 (
  title, body, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
`;
