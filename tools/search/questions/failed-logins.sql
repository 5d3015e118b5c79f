-- Which accounts failed to log in since :since, why, and where is the recording?
SELECT
    CASE WHEN regexp_extract(s.subject, '^(.*) by ', 1) <> '' THEN regexp_extract(s.subject, '^(.*) by ', 1)
        ELSE s.subject END AS account,
    s.ended AS time, s.why AS why, c.client AS client, s.recorder AS recorder,
    'stanzatap show ' || s.file || ' --connection ' || s.connection AS recording
FROM stories AS s
JOIN connections AS c ON c.recorder = s.recorder AND c.file = s.file AND c.connection = s.connection
WHERE s.kind = 'login' AND s.state = 'failed' AND s.began >= :'since'::timestamptz
ORDER BY s.ended, s.recorder, s.file, s.connection, s.story;
