-- +goose Up

-- How many alerts may be sent in a day; a channel without a row has no limit, and neither has one with -1.
CREATE TABLE alert_limit (
    region  TEXT    NOT NULL REFERENCES region (id),
    channel TEXT    NOT NULL,
    per_day INTEGER NOT NULL CHECK (per_day >= -1),
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (region, channel)
) STRICT, WITHOUT ROWID;

-- What was sent, by day of the region (2026-03-02) and module.
CREATE TABLE alert_sent (
    region  TEXT    NOT NULL REFERENCES region (id),
    day     TEXT    NOT NULL,
    channel TEXT    NOT NULL,
    module  TEXT    NOT NULL,
    count   INTEGER NOT NULL,
    PRIMARY KEY (region, day, channel, module)
) STRICT, WITHOUT ROWID;

-- +goose Down
SELECT 'a database is never taken back to before its first version';
