-- The directory, the log, and what people have read. Times are UTC text; positions (`seq`) begin at 1 and have no holes.

CREATE TABLE campus (
    id           INTEGER NOT NULL PRIMARY KEY,
    key          TEXT    NOT NULL UNIQUE,
    name         TEXT    NOT NULL,
    timezone     TEXT    NOT NULL,
    -- Kept in step with `membership` by whatever changes that, so that publishing need not count.
    member_count BIGINT  NOT NULL DEFAULT 0
);

CREATE TABLE app_user (
    id       INTEGER  NOT NULL PRIMARY KEY,
    key      TEXT     NOT NULL UNIQUE,
    name     TEXT     NOT NULL,
    email    TEXT,
    timezone TEXT,
    -- 0 member, 1 service, 2 super admin
    role     SMALLINT NOT NULL,
    -- False: called with a valid token, but the platform has not put them into the directory.
    known    BOOLEAN  NOT NULL
);

CREATE TABLE membership (
    user_id   BIGINT    NOT NULL REFERENCES app_user (id),
    campus_id BIGINT    NOT NULL REFERENCES campus (id),
    -- 0 member, 1 admin
    role      SMALLINT  NOT NULL,
    -- What the campus was told up to this position is not theirs.
    since_seq BIGINT    NOT NULL,
    since_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, campus_id)
) WITHOUT ROWID;
CREATE INDEX membership_by_campus ON membership (campus_id, user_id);

CREATE TABLE notification_type (
    id        INTEGER NOT NULL PRIMARY KEY,
    name      TEXT    NOT NULL UNIQUE,
    category  TEXT    NOT NULL,
    label     TEXT    NOT NULL,
    mandatory BOOLEAN NOT NULL
);

-- One row: the end of the log. Whoever appends changes it in the same transaction.
CREATE TABLE log_head (
    id         INTEGER   NOT NULL PRIMARY KEY CHECK (id = 1),
    -- Which life of the log: cursors of another are refused.
    epoch      TEXT      NOT NULL,
    seq        BIGINT    NOT NULL,
    created_at TIMESTAMP NOT NULL,
    -- Users that the directory knows: how many a system-wide notification is addressed to.
    user_count BIGINT    NOT NULL
);
INSERT INTO log_head VALUES (1, lower(hex(randomblob(8))), 0, '1970-01-01 00:00:00', 0);

CREATE TABLE log_entry (
    seq        INTEGER   NOT NULL PRIMARY KEY,
    -- The group that it was committed with, to find out what became of a commit whose answer was lost.
    group_id   BIGINT    NOT NULL,
    -- 1 added, 2 recalled, 3 membership, 4 preferences, 5 standing
    kind       SMALLINT  NOT NULL,
    created_at TIMESTAMP NOT NULL,
    user_id    BIGINT,
    campus_id  BIGINT,
    -- A membership's new role; null when it ended.
    role       SMALLINT,
    -- The notification that was recalled.
    target_seq BIGINT
);
CREATE INDEX log_entry_by_time ON log_entry (created_at);

CREATE TABLE notification (
    seq           INTEGER   NOT NULL PRIMARY KEY,
    created_at    TIMESTAMP NOT NULL,
    -- 0 system, 1 campus, 2 users
    audience_kind SMALLINT  NOT NULL,
    -- The campus that was told, or within which users were.
    campus_id     BIGINT    REFERENCES campus (id),
    audience_size BIGINT    NOT NULL,
    type_id       INTEGER   NOT NULL REFERENCES notification_type (id),
    priority      SMALLINT  NOT NULL,
    title         TEXT      NOT NULL,
    message       TEXT      NOT NULL,
    event_id      TEXT,
    attendance_id TEXT,
    action_url    TEXT,
    metadata      TEXT,
    expires_at    TIMESTAMP,
    sender_id     BIGINT    NOT NULL REFERENCES app_user (id),
    -- The position at which it was taken back.
    recalled_seq  BIGINT
);

-- What pages and counts walk: one row per notification and audience. `audience` is one number: 0 for all, then
-- 4 x id + 1 for a campus, + 2 for a user, + 3 for a recipient list.
CREATE TABLE feed_entry (
    audience   BIGINT   NOT NULL,
    seq        BIGINT   NOT NULL,
    type_id    INTEGER  NOT NULL,
    priority   SMALLINT NOT NULL,
    expires_at TIMESTAMP,
    recalled   BOOLEAN  NOT NULL DEFAULT FALSE,
    PRIMARY KEY (audience, seq)
) WITHOUT ROWID;
CREATE INDEX feed_entry_by_seq ON feed_entry (seq);

-- Recipients too many to be written while the log is locked: stored before, as a list that the notification then names.
CREATE TABLE recipient_list (
    id         INTEGER   NOT NULL PRIMARY KEY,
    created_at TIMESTAMP NOT NULL,
    -- The notification that names it; null until its publish is committed.
    seq        BIGINT
);
CREATE INDEX recipient_list_unnamed ON recipient_list (created_at) WHERE seq IS NULL;
CREATE TABLE recipient_list_member (
    user_id  BIGINT NOT NULL REFERENCES app_user (id),
    -- The list's, as in `feed_entry`.
    audience BIGINT NOT NULL,
    PRIMARY KEY (user_id, audience)
) WITHOUT ROWID;
CREATE INDEX recipient_list_member_by_list ON recipient_list_member (audience, user_id);

CREATE TABLE idempotency (
    sender_id   BIGINT    NOT NULL REFERENCES app_user (id),
    key         TEXT      NOT NULL,
    fingerprint BLOB      NOT NULL,
    seq         BIGINT    NOT NULL,
    created_at  TIMESTAMP NOT NULL,
    PRIMARY KEY (sender_id, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_by_time ON idempotency (created_at);

-- Receipts are not in the log: they are many, and private.
CREATE TABLE reader (
    user_id           BIGINT NOT NULL PRIMARY KEY REFERENCES app_user (id),
    -- Counts the changes of this user's receipts.
    revision          BIGINT NOT NULL,
    seen_through      BIGINT NOT NULL,
    delivered_through BIGINT NOT NULL
) WITHOUT ROWID;

-- Everything up to `through` is read: all of it (campus_id 0) or what one campus was told.
CREATE TABLE read_mark (
    user_id   BIGINT    NOT NULL REFERENCES app_user (id),
    campus_id BIGINT    NOT NULL,
    through   BIGINT    NOT NULL,
    at        TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, campus_id, through)
) WITHOUT ROWID;

-- What was said of one notification alone; outweighs every mark.
CREATE TABLE read_exception (
    user_id   BIGINT    NOT NULL REFERENCES app_user (id),
    seq       BIGINT    NOT NULL,
    -- The campus that was told; 0 for none.
    campus_id BIGINT    NOT NULL,
    is_read   BOOLEAN   NOT NULL,
    at        TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, seq)
) WITHOUT ROWID;
CREATE INDEX read_exception_unread ON read_exception (user_id, seq) WHERE NOT is_read;
