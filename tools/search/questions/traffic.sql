-- How much was said in each hour since :since, by recorder?
SELECT date_trunc('hour', time) AS hour, recorder, count(*) AS packets, CAST(sum(bytes) AS bigint) AS bytes
FROM packets
WHERE time >= :'since'::timestamptz
GROUP BY date_trunc('hour', time), recorder
ORDER BY hour, recorder;
