-- The runs of due times of the past, by those: they began long after them, and the index by their start is of no help.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

CREATE INDEX IF NOT EXISTS run_backfilled ON run (job, scheduled_at) WHERE trigger_name = 'backfill';
