-- What of the log is old: archived, and deleted, are positions that move on; no row is touched for the first.

ALTER TABLE log_head ADD COLUMN archived_through BIGINT NOT NULL DEFAULT 0;
ALTER TABLE log_head ADD COLUMN deleted_through BIGINT NOT NULL DEFAULT 0;
