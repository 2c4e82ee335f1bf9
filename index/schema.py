"""The tables of the corpus, as SQL scripts that lift its schema version by version."""

APPLICATION = 0x46746E74
"""SQLite's `application_id` of a corpus: "Ftnt"."""

TABLES = """
CREATE TABLE papers (
    key INTEGER PRIMARY KEY AUTOINCREMENT,  -- so that the key of a removed paper is never reused
    arxiv_id TEXT UNIQUE,
    text_hash TEXT NOT NULL,     -- of title and abstract as they stand in this row
    indexed_hash TEXT,           -- the text_hash that was indexed last
    indexed_version TEXT,        -- how passages were made when that was indexed
    source TEXT NOT NULL,        -- of the abstract; of the title while there is no abstract
    told_on TEXT,                -- the day of the list on which that source told it
    told TEXT NOT NULL,          -- JSON {field: [source, day]} of the fields told by another
    upvotes INTEGER,
    comments INTEGER,
    published TEXT,
    author_count INTEGER,
    organization TEXT,
    url TEXT,
    categories TEXT NOT NULL,    -- JSON
    title TEXT NOT NULL,
    authors TEXT NOT NULL,       -- JSON
    abstract TEXT NOT NULL
);
-- Answers what is pending, and how many papers a source has, without reading the texts.
CREATE INDEX papers_in_short ON papers (source, text_hash, indexed_hash, indexed_version);

-- Every title under which a paper was told, as `t-…`. Two papers with arXiv ids may share one.
CREATE TABLE titles (
    title_id TEXT NOT NULL,
    paper_key INTEGER NOT NULL REFERENCES papers (key) ON DELETE CASCADE,
    PRIMARY KEY (title_id, paper_key)
) WITHOUT ROWID;
CREATE INDEX titles_of_paper ON titles (paper_key);

CREATE TABLE listings (
    paper_key INTEGER NOT NULL REFERENCES papers (key) ON DELETE CASCADE,
    day TEXT NOT NULL,           -- empty: a list that names no day
    PRIMARY KEY (paper_key, day)
) WITHOUT ROWID;
CREATE INDEX listings_by_day ON listings (day);

-- What sources told of a paper in other words than its row holds, for when it is removed.
CREATE TABLE other_wordings (
    paper_key INTEGER NOT NULL REFERENCES papers (key) ON DELETE CASCADE,
    wording TEXT NOT NULL,
    PRIMARY KEY (paper_key, wording)
) WITHOUT ROWID;

CREATE TABLE removed_wordings (
    wording TEXT PRIMARY KEY,
    paper_id TEXT NOT NULL
) WITHOUT ROWID;

-- Papers that are gone while their vectors may still be there.
CREATE TABLE removed_keys (key INTEGER PRIMARY KEY);

CREATE TABLE generation (number INTEGER NOT NULL);
INSERT INTO generation VALUES (0);

CREATE VIRTUAL TABLE papers_fts USING fts5 (
    title, abstract,
    content = 'papers', content_rowid = 'key',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER paper_inserted AFTER INSERT ON papers BEGIN
    INSERT INTO papers_fts (rowid, title, abstract) VALUES (new.key, new.title, new.abstract);
END;
CREATE TRIGGER paper_deleted AFTER DELETE ON papers BEGIN
    INSERT INTO papers_fts (papers_fts, rowid, title, abstract)
        VALUES ('delete', old.key, old.title, old.abstract);
    INSERT INTO removed_keys VALUES (old.key);
END;
CREATE TRIGGER paper_updated AFTER UPDATE OF title, abstract ON papers
WHEN old.title IS NOT new.title OR old.abstract IS NOT new.abstract BEGIN
    INSERT INTO papers_fts (papers_fts, rowid, title, abstract)
        VALUES ('delete', old.key, old.title, old.abstract);
    INSERT INTO papers_fts (rowid, title, abstract) VALUES (new.key, new.title, new.abstract);
END;
"""

VISITS = """
-- How far a live source has been read, stored with the papers that were read until there.
CREATE TABLE cursors (
    source TEXT PRIMARY KEY,
    after TEXT,                  -- the day up to which all is read
    token TEXT,                  -- where a harvest of the days after it goes on
    until TEXT                   -- the last day of that harvest
) WITHOUT ROWID;

-- Answers whose papers are stored, so that their server may say that nothing has changed.
CREATE TABLE seen_answers (
    address TEXT PRIMARY KEY,
    etag TEXT,
    modified TEXT,
    more INTEGER NOT NULL        -- whether another page followed
) WITHOUT ROWID;

-- When the servers of live sources may be asked again.
CREATE TABLE paces (
    pace TEXT PRIMARY KEY,
    free_at TEXT NOT NULL        -- UTC
) WITHOUT ROWID;
"""

DAYS = """
-- Without it, a range of days reads every paper, abstract and all.
CREATE INDEX papers_by_day ON papers (published);
"""

MIGRATIONS: tuple[str, ...] = (TABLES, VISITS, DAYS)
"""`MIGRATIONS[n]` makes version n + 1 of version n. A released script is never edited: add another.

Papers are written by `INSERT` and `UPDATE` only: `INSERT OR REPLACE` would leave the words of the
replaced row in `papers_fts`, because it deletes without firing the trigger.
"""
