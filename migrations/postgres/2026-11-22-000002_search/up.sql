-- Full text: which notification has which words, by the audience that reads it. The rows are notifications (rowid = seq), but
-- for those to long lists of recipients; `terms` are words of ours, which nothing takes apart once more.

CREATE TABLE notification_text (
    rowid BIGINT   NOT NULL PRIMARY KEY,
    terms TSVECTOR NOT NULL
);
-- Nobody waits for what is written here, but many for what is read.
CREATE INDEX notification_text_terms ON notification_text USING gin (terms) WITH (fastupdate = off);

-- One row: everything up to and including this position is in `notification_text`.
CREATE TABLE text_index (
    id              INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    indexed_through BIGINT  NOT NULL
);
INSERT INTO text_index VALUES (1, 0);
