-- In which rooms was somebody kicked since :since, and why? Everybody in the room is told; within a minute that is one kick.
SELECT min(time) AS time, split_part(sender, '/', 1) AS room, split_part(sender, '/', 2) AS who,
    regexp_extract(xml, '<reason>([^<]*)</reason>', 1) AS reason, count(*) AS told
FROM packets
WHERE name = 'presence' AND type = 'unavailable' AND direction = 'S->C' AND time >= :'since'::timestamptz
    AND regexp_extract(xml, '<status [^>]*code=[''"](307)[''"]', 1) = '307'
GROUP BY split_part(sender, '/', 1), split_part(sender, '/', 2), regexp_extract(xml, '<reason>([^<]*)</reason>', 1),
    date_trunc('minute', time)
ORDER BY time, room, who;
