-- The tables of PostgreSQL, and the indexes that the questions use. Harmless where they exist already.
CREATE TABLE IF NOT EXISTS connections (
    recorder text NOT NULL, file text NOT NULL, connection bigint NOT NULL, time timestamptz,
    client text, server text, domain text, program text,
    PRIMARY KEY (recorder, file, connection)
);
CREATE TABLE IF NOT EXISTS packets (
    recorder text NOT NULL, file text NOT NULL, connection bigint NOT NULL, number bigint NOT NULL, direction text,
    time timestamptz, elapsed double precision, bytes bigint, xml text, omitted bigint, replacement text, sent_by text,
    name text, namespace text, type text, id text, sender text, recipient text, answers bigint, delay double precision,
    explanation text, story bigint, speaker text, addressee text
);
CREATE TABLE IF NOT EXISTS findings (
    recorder text NOT NULL, file text NOT NULL, connection bigint NOT NULL, number bigint NOT NULL, time timestamptz,
    code text, severity text, text text
);
CREATE TABLE IF NOT EXISTS events (
    recorder text NOT NULL, file text NOT NULL, connection bigint NOT NULL, time timestamptz, elapsed double precision,
    event text, text text
);
CREATE TABLE IF NOT EXISTS stories (
    recorder text NOT NULL, file text NOT NULL, connection bigint NOT NULL, story bigint NOT NULL, kind text, subject text,
    state text, why text, remedy text, first bigint, last bigint, began timestamptz, ended timestamptz
);

-- As DuckDB has it: what the group of a regular expression matches, or nothing.
CREATE OR REPLACE FUNCTION regexp_extract(source text, pattern text, part integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURN coalesce(regexp_substr(source, pattern, 1, 1, '', part), '');
