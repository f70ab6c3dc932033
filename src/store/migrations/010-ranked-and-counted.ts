/**
 * What took time in proportion to the articles takes none. `search_topic` is the small index that ranks (search-table.ts);
 * `article_tally` counts what lists count, kept by triggers; arrival, language and time of change have indexes of their own; tags
 * are rows. Needs the function `slug_of` while it runs.
 */
export const rankedAndCounted = `
CREATE VIRTUAL TABLE search_topic USING fts5 (
  title, topic, content='', contentless_delete=1, tokenize="unicode61 remove_diacritics 0 categories 'L* N* M* Co'"
);
ALTER TABLE search_place ADD COLUMN has_topic INTEGER NOT NULL DEFAULT 0;
CREATE INDEX search_place_without_topic ON search_place (article_id) WHERE has_topic = 0;

ALTER TABLE article ADD COLUMN primary_language TEXT GENERATED ALWAYS AS (
  CASE instr(language, '-') WHEN 0 THEN language ELSE substr(language, 1, instr(language, '-') - 1) END
) VIRTUAL;
DROP INDEX article_by_language;
CREATE INDEX article_by_language ON article (primary_language, published_at, id);
CREATE INDEX article_arrival_by_language ON article (primary_language);
CREATE INDEX article_arrival ON article (publisher_id);
CREATE INDEX article_arrival_by_section ON article (publisher_id, section_slug) WHERE section_slug IS NOT NULL;
CREATE INDEX change_at ON change (at);
CREATE INDEX change_at_by_publisher ON change (publisher_id, at);

CREATE TABLE article_tally (
  publisher_id TEXT NOT NULL,
  language     TEXT NOT NULL,
  section_slug TEXT NOT NULL,
  total        INTEGER NOT NULL,
  live         INTEGER NOT NULL,
  PRIMARY KEY (publisher_id, language, section_slug)
) STRICT, WITHOUT ROWID;
INSERT INTO article_tally
  SELECT publisher_id, primary_language, coalesce(section_slug, ''), count(*), sum(state = 'live') FROM article GROUP BY 1, 2, 3;
CREATE TRIGGER article_tally_up AFTER INSERT ON article BEGIN
  INSERT INTO article_tally VALUES (new.publisher_id, new.primary_language, coalesce(new.section_slug, ''), 1, new.state = 'live')
    ON CONFLICT DO UPDATE SET total = total + 1, live = live + excluded.live;
END;
CREATE TRIGGER article_tally_down AFTER DELETE ON article BEGIN
  UPDATE article_tally SET total = total - 1, live = live - (old.state = 'live')
    WHERE publisher_id = old.publisher_id AND language = old.primary_language AND section_slug = coalesce(old.section_slug, '');
END;
CREATE TRIGGER article_tally_moved AFTER UPDATE OF publisher_id, language, section_slug, state ON article
WHEN old.publisher_id <> new.publisher_id OR old.language <> new.language OR old.section_slug IS NOT new.section_slug OR old.state <> new.state
BEGIN
  UPDATE article_tally SET total = total - 1, live = live - (old.state = 'live')
    WHERE publisher_id = old.publisher_id AND language = old.primary_language AND section_slug = coalesce(old.section_slug, '');
  INSERT INTO article_tally VALUES (new.publisher_id, new.primary_language, coalesce(new.section_slug, ''), 1, new.state = 'live')
    ON CONFLICT DO UPDATE SET total = total + 1, live = live + excluded.live;
END;

CREATE TABLE article_tag (
  article_id   INTEGER NOT NULL REFERENCES article (id) ON DELETE CASCADE,
  slug         TEXT NOT NULL,
  publisher_id TEXT NOT NULL,
  name         TEXT NOT NULL,
  PRIMARY KEY (article_id, slug)
) STRICT, WITHOUT ROWID;
CREATE INDEX article_tag_by_slug ON article_tag (publisher_id, slug, article_id);
INSERT OR IGNORE INTO article_tag
  SELECT article.id, slug_of(tag.value), publisher_id, trim(tag.value) FROM article, json_each(article.tags) AS tag
  WHERE trim(tag.value) <> '' AND tag.key < 8 AND slug_of(tag.value) <> coalesce(section_slug, '');
`;
