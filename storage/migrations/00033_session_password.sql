-- +goose Up

-- The directory source that knows the password by which somebody signed in; empty for a key or a certificate.
ALTER TABLE session ADD COLUMN source TEXT NOT NULL DEFAULT '';

-- +goose Down
SELECT 'a database is never taken back to before its first version';
