-- From the table of lines that COPY filled into the others; rows of the same captures are replaced.
-- Lines that lead to no capture are left out. PostgreSQL has no U+0000 in texts.
CREATE TEMP TABLE items ON COMMIT DROP AS
SELECT coalesce(l ->> 'recorder', 'unknown') AS recorder, l ->> 'file' AS file, (l ->> 'connection')::bigint AS connection,
    l ->> 'kind' AS kind, (l ->> 'time')::timestamptz AS time, l
FROM (SELECT replace(line, '\u0000', '\ufffd')::jsonb AS l FROM lines) AS parsed
WHERE l ? 'file';
CREATE TEMP TABLE captures ON COMMIT DROP AS SELECT DISTINCT recorder, file FROM items;
ANALYZE items;
ANALYZE captures;
DELETE FROM connections t USING captures c WHERE t.recorder = c.recorder AND t.file = c.file;
DELETE FROM packets t USING captures c WHERE t.recorder = c.recorder AND t.file = c.file;
DELETE FROM findings t USING captures c WHERE t.recorder = c.recorder AND t.file = c.file;
DELETE FROM events t USING captures c WHERE t.recorder = c.recorder AND t.file = c.file;
DELETE FROM stories t USING captures c WHERE t.recorder = c.recorder AND t.file = c.file;

INSERT INTO connections
SELECT recorder, file, connection, time, l ->> 'client', l ->> 'server', l ->> 'domain', l ->> 'program'
FROM items WHERE kind = 'connection';

INSERT INTO packets
SELECT recorder, file, connection, (l ->> 'number')::bigint, l ->> 'direction', time, (l ->> 'offset')::double precision,
    (l ->> 'bytes')::bigint, l ->> 'xml', (l ->> 'omitted')::bigint, l ->> 'replacement', l ->> 'sentBy', l ->> 'name',
    l ->> 'namespace', l ->> 'type', l ->> 'id', l ->> 'from', l ->> 'to', (l ->> 'answers')::bigint,
    (l ->> 'delay')::double precision, l ->> 'explanation', (l #>> '{story,id}')::bigint, l #>> '{roles,speaker}',
    l #>> '{roles,addressee}'
FROM items WHERE kind = 'packet' ORDER BY time;

INSERT INTO findings
SELECT recorder, file, connection, (l ->> 'number')::bigint, time, f ->> 'code', f ->> 'severity', f ->> 'text'
FROM items, jsonb_array_elements(l -> 'findings') AS f WHERE kind = 'packet';

INSERT INTO events
SELECT recorder, file, connection, time, (l ->> 'offset')::double precision, l ->> 'event', l ->> 'text'
FROM items WHERE kind = 'event';

INSERT INTO stories
SELECT recorder, file, connection, (s ->> 'id')::bigint, s ->> 'kind', s ->> 'subject', s ->> 'state', s ->> 'why',
    s ->> 'remedy', (s #>> '{packets,0}')::bigint, (s #>> '{packets,-1}')::bigint, (s ->> 'began')::timestamptz,
    (s ->> 'ended')::timestamptz
FROM items, jsonb_array_elements(l -> 'stories') AS s WHERE kind = 'summary' AND l ? 'stories';
