-- For which domains did TLS fail since :since, how, and how often?
SELECT coalesce(c.domain, 'unknown') AS domain, e.text AS what, count(*) AS times, max(e.time) AS latest
FROM events AS e
JOIN connections AS c ON c.recorder = e.recorder AND c.file = e.file AND c.connection = e.connection
WHERE e.event = 'tls-failed' AND e.time >= :'since'::timestamptz
GROUP BY coalesce(c.domain, 'unknown'), e.text
ORDER BY times DESC, domain, what;
