-- How the log grows old, and types of the platform's own.

-- Up to and including these moments of log time everything is archived, or deleted; null until the first of it is.
ALTER TABLE log_head ADD COLUMN archived_until TIMESTAMP;
ALTER TABLE log_head ADD COLUMN deleted_until TIMESTAMP;
-- How often either has moved: who finds it as it was knows that nobody else has moved them meanwhile.
ALTER TABLE log_head ADD COLUMN age_moves BIGINT NOT NULL DEFAULT 0;

-- What is deleted for its age is looked for by position.
CREATE INDEX read_exception_by_seq ON read_exception (seq);
CREATE INDEX archive_exception_by_seq ON archive_exception (seq);
CREATE INDEX read_mark_by_position ON read_mark (through);

-- Whether people are told of it who have not said anything about it.
ALTER TABLE notification_type ADD COLUMN default_enabled BOOLEAN NOT NULL DEFAULT TRUE;
