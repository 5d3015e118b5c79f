-- Reads JSON Lines of `stanzatap show --redact --format jsonl` and writes them as Parquet, by date and recorder.
-- $LINES, $FOLDER and $PART are filled in by tools/search/load. Lines that lead to no capture are left out.
CREATE OR REPLACE TEMP TABLE lines AS
SELECT
    coalesce(recorder, 'unknown') AS recorder,
    * EXCLUDE (recorder)
FROM read_json(
    $LINES,
    format = 'newline_delimited',
    maximum_object_size = 67108864,
    columns = {
        kind: 'VARCHAR', recorder: 'VARCHAR', file: 'VARCHAR', connection: 'BIGINT', number: 'BIGINT', time: 'TIMESTAMPTZ',
        client: 'VARCHAR', server: 'VARCHAR', domain: 'VARCHAR', program: 'VARCHAR',
        direction: 'VARCHAR', "offset": 'DOUBLE', bytes: 'BIGINT', xml: 'VARCHAR', omitted: 'BIGINT', replacement: 'VARCHAR',
        "sentBy": 'VARCHAR', name: 'VARCHAR', namespace: 'VARCHAR', type: 'VARCHAR', id: 'VARCHAR', "from": 'VARCHAR',
        "to": 'VARCHAR', answers: 'BIGINT', delay: 'DOUBLE', explanation: 'VARCHAR',
        findings: 'STRUCT(code VARCHAR, severity VARCHAR, text VARCHAR)[]',
        story: 'STRUCT(id BIGINT)', roles: 'STRUCT(speaker VARCHAR, addressee VARCHAR)', event: 'VARCHAR', text: 'VARCHAR',
        stories: 'STRUCT(id BIGINT, kind VARCHAR, subject VARCHAR, state VARCHAR, why VARCHAR, remedy VARCHAR, packets BIGINT[], began TIMESTAMPTZ, ended TIMESTAMPTZ)[]'
    }
)
WHERE file IS NOT NULL;

COPY (
    SELECT recorder, file, connection, time, client, server, domain, program, time::DATE AS date
    FROM lines WHERE kind = 'connection' ORDER BY time
) TO '$FOLDER/connections' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (date, recorder), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '$PART');

COPY (
    SELECT recorder, file, connection, number, direction, time, "offset" AS elapsed, bytes, xml, omitted, replacement,
        "sentBy" AS sent_by, name, namespace, type, id, "from" AS sender, "to" AS recipient, answers, delay, explanation,
        story.id AS story, roles.speaker AS speaker, roles.addressee AS addressee, time::DATE AS date
    FROM lines WHERE kind = 'packet' ORDER BY time
) TO '$FOLDER/packets' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (date, recorder), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '$PART');

COPY (
    SELECT recorder, file, connection, number, time, finding.code AS code, finding.severity AS severity,
        finding.text AS text, time::DATE AS date
    FROM (SELECT *, unnest(findings) AS finding FROM lines WHERE kind = 'packet') ORDER BY time
) TO '$FOLDER/findings' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (date, recorder), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '$PART');

COPY (
    SELECT recorder, file, connection, time, "offset" AS elapsed, event, text, time::DATE AS date
    FROM lines WHERE kind = 'event' ORDER BY time
) TO '$FOLDER/events' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (date, recorder), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '$PART');

COPY (
    SELECT recorder, file, connection, s.id AS story, s.kind AS kind, s.subject AS subject, s.state AS state,
        s.why AS why, s.remedy AS remedy, s.packets[1] AS first, s.packets[-1] AS last, s.began AS began, s.ended AS ended,
        s.began::DATE AS date
    FROM (SELECT *, unnest(stories) AS s FROM lines WHERE kind = 'summary') ORDER BY s.began
) TO '$FOLDER/stories' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (date, recorder), OVERWRITE_OR_IGNORE, FILENAME_PATTERN '$PART');

DROP TABLE lines;
