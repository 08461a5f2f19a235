-- The runs and slots that are looked for and are not the many: what was scheduled and went well is left out, so that
-- writing it costs nothing. Every statement may be repeated and ends with a semicolon at the end of a line.

CREATE INDEX IF NOT EXISTS run_by_end ON run (outcome, trigger_name, started_at, finished_at)
 WHERE outcome > 1 OR trigger_name <> 'schedule';
CREATE INDEX IF NOT EXISTS slot_by_end ON slot (ending, trigger_name, slot_at)
 WHERE ending <> 'ran' OR trigger_name <> 'schedule';
