-- What was recorded lately, without reading what was recorded before: a page that is open follows the ledger so.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

CREATE INDEX IF NOT EXISTS slot_by_record ON slot (recorded_at);
