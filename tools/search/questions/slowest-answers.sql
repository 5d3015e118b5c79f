-- Which twenty answers took longest since :since, to what, and where are they?
SELECT a.delay AS seconds, s.subject AS request, coalesce(a.sender, '') AS answered_by, a.recorder AS recorder,
    'stanzatap show ' || a.file || ' --connection ' || a.connection AS recording, a.answers AS asked, a.number AS answered
FROM packets AS a
LEFT JOIN stories AS s ON s.recorder = a.recorder AND s.file = a.file AND s.connection = a.connection AND s.story = a.story
WHERE a.delay IS NOT NULL AND a.time >= :'since'::timestamptz
ORDER BY a.delay DESC, a.recorder, a.file, a.connection, a.number
LIMIT 20;
