-- What is refused since :since, by whom, how often?
SELECT split_part(split_part(coalesce(sender, ''), '/', 1), '@', -1) AS host, name,
    regexp_extract(xml, '<([a-z-]+) [^>]*xmlns=[''"]urn:ietf:params:xml:ns:xmpp-stanzas', 1) AS condition, count(*) AS times
FROM packets
WHERE type = 'error' AND time >= :'since'::timestamptz
GROUP BY split_part(split_part(coalesce(sender, ''), '/', 1), '@', -1), name,
    regexp_extract(xml, '<([a-z-]+) [^>]*xmlns=[''"]urn:ietf:params:xml:ns:xmpp-stanzas', 1)
ORDER BY times DESC, host, name, condition;
