-- What did :who say and hear since :since? The last hundred messages of all connections that logged in as this account.
SELECT p.time AS time, p.direction AS direction, coalesce(p.sender, '') AS sender, coalesce(p.recipient, '') AS recipient,
    regexp_extract(p.xml, '<body[^>]*>([^<]*)</body>', 1) AS text, p.recorder AS recorder, p.file AS file,
    p.connection AS connection, p.number AS number
FROM packets AS p
JOIN (
    SELECT DISTINCT recorder, file, connection FROM stories
    WHERE kind = 'login' AND state = 'succeeded' AND strpos(subject, :'who' || ' by ') = 1
        AND began >= :'since'::timestamptz
) AS s ON s.recorder = p.recorder AND s.file = p.file AND s.connection = p.connection
WHERE p.name = 'message' AND p.time >= :'since'::timestamptz
ORDER BY p.time DESC, p.recorder, p.file, p.connection, p.number DESC
LIMIT 100;
