-- What a staying host knows of each job's schedule. Times are microseconds since 1970 in UTC.
-- The same table as in SQLite.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

-- One row a job. Moving next_at from one slot to the following, together with the ledger row of the first, is what makes
-- a slot somebody's: nobody else can move it from there again.
CREATE TABLE IF NOT EXISTS job_schedule (
  job           VARCHAR(100) NOT NULL PRIMARY KEY,
  plan          BIGINT       NOT NULL,  -- fingerprint of the schedule that next_at belongs to
  next_at       BIGINT       NULL,      -- the first slot without a ledger row; null: there is none
  paused        INT          NOT NULL CHECK (paused IN (0, 1)),
  busy          INT          NOT NULL CHECK (busy IN (0, 1)),  -- the last run left a backlog
  retry_at      BIGINT       NULL,      -- when a failed slot is tried again; null: no retry is due
  retry_slot    BIGINT       NULL,
  retry_attempt INT          NULL,
  retry_trigger VARCHAR(20)  NULL,
  -- A retry is of a slot and has a number.
  CHECK ((retry_at IS NULL) = (retry_slot IS NULL) AND (retry_at IS NULL) = (retry_attempt IS NULL)
         AND (retry_at IS NULL) = (retry_trigger IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
