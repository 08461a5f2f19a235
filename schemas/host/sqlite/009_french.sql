-- What is found by the words in which a French reader reads it, and failures without reading each of their rows.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

-- What the message says in French, as a search looks for it: in small letters, without accents. Null: the message has
-- no other words in French, or comes from an earlier version.
ALTER TABLE run ADD COLUMN french TEXT NULL;

-- The rows of what ended badly lie far apart: what a search looks at is in the index, so that it reads only those found.
DROP INDEX IF EXISTS run_by_end;
CREATE INDEX IF NOT EXISTS run_by_end ON run (outcome, trigger_name, started_at, finished_at, message, french)
 WHERE outcome > 1 OR trigger_name <> 'schedule';
DROP INDEX IF EXISTS slot_by_end;
CREATE INDEX IF NOT EXISTS slot_by_end ON slot (ending, trigger_name, slot_at, reason)
 WHERE ending <> 'ran' OR trigger_name <> 'schedule';
