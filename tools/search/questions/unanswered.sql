-- What was never answered since :since, who was asked, how often?
SELECT s.subject AS request, coalesce(p.recipient, '') AS asked, count(*) AS times, max(s.began) AS latest
FROM stories AS s
JOIN packets AS p ON p.recorder = s.recorder AND p.file = s.file AND p.connection = s.connection AND p.number = s.first
WHERE s.kind = 'request' AND s.state = 'open' AND s.began >= :'since'::timestamptz
GROUP BY s.subject, coalesce(p.recipient, '')
ORDER BY times DESC, request, asked;
