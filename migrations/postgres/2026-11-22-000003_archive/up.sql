-- What its reader said of one notification's archiving; outweighs its age, both ways.

CREATE TABLE archive_exception (
    user_id     BIGINT    NOT NULL REFERENCES app_user (id),
    seq         BIGINT    NOT NULL,
    is_archived BOOLEAN   NOT NULL,
    at          TIMESTAMP NOT NULL,
    PRIMARY KEY (user_id, seq)
);
CREATE INDEX archive_exception_taken_out ON archive_exception (user_id, seq) WHERE NOT is_archived;
