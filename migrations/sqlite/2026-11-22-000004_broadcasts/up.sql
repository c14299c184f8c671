-- Acts of publishing to a campus, to all or to named users, at once or at a time of their own. What software hands in as
-- domain events has no row here.

CREATE TABLE broadcast (
    id            INTEGER   NOT NULL PRIMARY KEY,
    created_at    TIMESTAMP NOT NULL,
    sender_id     BIGINT    NOT NULL REFERENCES app_user (id),
    -- The campus that is told, or within which users are.
    campus_id     BIGINT    REFERENCES campus (id),
    -- 0 system, 1 campus, 2 users
    audience_kind SMALLINT  NOT NULL,
    -- 0 scheduled, 1 sent, 2 cancelled, 3 failed
    state         SMALLINT  NOT NULL,
    send_at       TIMESTAMP,
    -- The notification that it became.
    seq           BIGINT,
    -- Why it failed, for people.
    failure       TEXT
);
CREATE INDEX broadcast_by_campus ON broadcast (campus_id, id);
CREATE INDEX broadcast_due ON broadcast (send_at, id) WHERE state = 0;
CREATE UNIQUE INDEX broadcast_by_seq ON broadcast (seq) WHERE seq IS NOT NULL;
CREATE INDEX broadcast_never_sent ON broadcast (created_at) WHERE state > 1;

-- What a broadcast says that is not a notification: it waits, was cancelled, or failed. Gone once it is sent.
CREATE TABLE unsent (
    broadcast_id  BIGINT   NOT NULL PRIMARY KEY REFERENCES broadcast (id),
    -- What the sender's token granted when it was scheduled, as `app_user.role`.
    token_role    SMALLINT NOT NULL,
    -- The users that it names, as in `recipient_list`.
    list          BIGINT,
    type_id       INTEGER  NOT NULL REFERENCES notification_type (id),
    priority      SMALLINT NOT NULL,
    title         TEXT     NOT NULL,
    message       TEXT     NOT NULL,
    event_id      TEXT,
    attendance_id TEXT,
    action_url    TEXT,
    metadata      TEXT,
    expires_at    TIMESTAMP
) WITHOUT ROWID;

-- The broadcast that names a list before there is a notification that does.
ALTER TABLE recipient_list ADD COLUMN broadcast_id BIGINT;
DROP INDEX recipient_list_unnamed;
CREATE INDEX recipient_list_unnamed ON recipient_list (created_at) WHERE seq IS NULL AND broadcast_id IS NULL;

-- The broadcast that a key was used for when it was scheduled; its `seq` is 0 then.
ALTER TABLE idempotency ADD COLUMN broadcast_id BIGINT;
