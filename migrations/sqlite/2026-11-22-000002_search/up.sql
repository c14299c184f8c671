-- Full text: which notification has which words, by the audience that reads it. The rows are notifications (rowid = seq),
-- but for those to long lists of recipients; `terms` are words of ours, so the tokeniser has only to split at spaces.
--
-- Merging is ours too, a little with each write: by itself it would now and then hold a write for long.
CREATE VIRTUAL TABLE notification_text USING fts5 (terms, content = '', contentless_delete = 1, tokenize = 'ascii');
INSERT INTO notification_text (notification_text, rank) VALUES ('automerge', 0);
INSERT INTO notification_text (notification_text, rank) VALUES ('usermerge', 8);
INSERT INTO notification_text (notification_text, rank) VALUES ('crisismerge', 100);

-- One row: everything up to and including this position is in `notification_text`.
CREATE TABLE text_index (
    id              INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    indexed_through BIGINT  NOT NULL
);
INSERT INTO text_index VALUES (1, 0);
