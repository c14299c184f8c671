-- The servers that work on this database, each with its numbers; who has not been here for a few seconds is not alive. Worth
-- nothing after a crash, and so not in the database's log.

CREATE UNLOGGED TABLE server (
    -- Drawn by chance when it starts.
    id      BIGINT      NOT NULL PRIMARY KEY,
    -- By the database's clock.
    seen_at TIMESTAMPTZ NOT NULL,
    -- JSON.
    figures TEXT        NOT NULL
);
