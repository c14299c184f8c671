-- Somebody's long lists are walked by the key of `recipient_list_member` alone, and their texts are looked up like others.

-- As in the `feed_entry` that tells the list; null where a server of the version before stored it, which says nothing.
ALTER TABLE recipient_list_member ADD COLUMN type_id INTEGER;
ALTER TABLE recipient_list_member ADD COLUMN priority SMALLINT;
ALTER TABLE recipient_list_member ADD COLUMN expires_at TIMESTAMP;
UPDATE recipient_list_member SET type_id = told.type_id, priority = told.priority, expires_at = told.expires_at
    FROM feed_entry AS told WHERE told.audience = recipient_list_member.audience;
-- Those that wait for their time.
UPDATE recipient_list_member SET type_id = told.type_id, priority = told.priority, expires_at = told.expires_at
    FROM unsent AS told WHERE recipient_list_member.audience = 4 * told.list + 3;

-- `notification_text` gets those to long lists, too, under the audience 3: a list that there is none of. It is filled anew, behind
-- the log; until then texts are read.
INSERT INTO notification_text (notification_text) VALUES ('delete-all');
UPDATE text_index SET indexed_through = 0;

-- The words of the index, one row for each place where one stands: to see how many begin alike before they are looked up.
CREATE VIRTUAL TABLE notification_text_words USING fts5vocab (notification_text, instance);
