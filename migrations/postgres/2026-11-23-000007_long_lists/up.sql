-- Somebody's long lists are walked by the key of `recipient_list_member` alone, and their texts are looked up like others.

-- As in the `feed_entry` that tells the list; null where a server of the version before stored it, which says nothing.
ALTER TABLE recipient_list_member
    ADD COLUMN type_id INTEGER,
    ADD COLUMN priority SMALLINT,
    ADD COLUMN expires_at TIMESTAMP,
    DROP CONSTRAINT recipient_list_member_pkey,
    ADD PRIMARY KEY (user_id, audience) INCLUDE (type_id, priority, expires_at);
UPDATE recipient_list_member SET type_id = told.type_id, priority = told.priority, expires_at = told.expires_at
    FROM feed_entry AS told WHERE told.audience = recipient_list_member.audience;
-- Those that wait for their time.
UPDATE recipient_list_member SET type_id = told.type_id, priority = told.priority, expires_at = told.expires_at
    FROM unsent AS told WHERE recipient_list_member.audience = 4 * told.list + 3;

-- `notification_text` gets those to long lists, too, under the audience 3: a list that there is none of. It is filled anew, behind
-- the log; until then texts are read.
TRUNCATE notification_text;
UPDATE text_index SET indexed_through = 0;
