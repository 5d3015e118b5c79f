-- One packet, and those of a connection: where every answer leads to.
CREATE INDEX IF NOT EXISTS packets_place ON packets (recorder, file, connection, number);
-- A stretch of time: rows come nearly in its order, so a few pages tell where it lies.
CREATE INDEX IF NOT EXISTS packets_time ON packets USING brin (time);
CREATE INDEX IF NOT EXISTS packets_delay ON packets (delay DESC) WHERE delay IS NOT NULL;
CREATE INDEX IF NOT EXISTS packets_refused ON packets (time) WHERE type = 'error';
CREATE INDEX IF NOT EXISTS packets_kicks ON packets (time) WHERE name = 'presence' AND type = 'unavailable';
CREATE INDEX IF NOT EXISTS packets_caps ON packets (time)
    WHERE name = 'presence' AND direction = 'C->S';
CREATE INDEX IF NOT EXISTS findings_code ON findings (severity, time);
CREATE INDEX IF NOT EXISTS events_kind ON events (event, time);
CREATE INDEX IF NOT EXISTS stories_kind ON stories (kind, state, began);
CREATE INDEX IF NOT EXISTS stories_place ON stories (recorder, file, connection);
