-- Who registered since :since, and what became of it?
SELECT s.began AS time, s.subject AS account, s.state AS state, coalesce(s.why, '') AS why, c.client AS client,
    s.recorder AS recorder, 'stanzatap show ' || s.file || ' --connection ' || s.connection AS recording
FROM stories AS s
JOIN connections AS c ON c.recorder = s.recorder AND c.file = s.file AND c.connection = s.connection
WHERE s.kind = 'registration' AND s.began >= :'since'::timestamptz
ORDER BY s.began, s.recorder, s.file, s.connection, s.story;
