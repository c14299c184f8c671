-- What people have set, whole: it is small, always read whole, and stands in the log whole.

CREATE TABLE preference (
    user_id  BIGINT NOT NULL PRIMARY KEY REFERENCES app_user (id),
    -- JSON: {"default": {"types": {"7": false}, "quiet_hours": {…}}, "campuses": {"3": {…}}}; what is left out is inherited.
    settings TEXT   NOT NULL
);

-- What a change of preferences made of them: JSON, as in `preference`, with the person's own time zone.
ALTER TABLE log_entry ADD COLUMN detail TEXT;
