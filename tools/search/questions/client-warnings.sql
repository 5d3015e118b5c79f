-- Which client software causes which warnings since :since? A client says what it is in its presence (XEP-0115).
WITH software AS (
    SELECT recorder, file, connection, max(regexp_extract(xml, '<c [^>]*node=[''"]([^''"]*)', 1)) AS name
    FROM packets
    WHERE direction = 'C->S' AND name = 'presence' AND time >= :'since'::timestamptz
        AND strpos(xml, 'http://jabber.org/protocol/caps') > 0
    GROUP BY recorder, file, connection
)
SELECT coalesce(s.name, 'unknown') AS software, f.code AS code, count(*) AS times,
    count(DISTINCT f.recorder || '/' || f.file || '/' || f.connection) AS connections
FROM findings AS f
LEFT JOIN software AS s ON s.recorder = f.recorder AND s.file = f.file AND s.connection = f.connection
WHERE f.severity = 'warning' AND f.time >= :'since'::timestamptz
GROUP BY coalesce(s.name, 'unknown'), f.code
ORDER BY times DESC, software, code;
