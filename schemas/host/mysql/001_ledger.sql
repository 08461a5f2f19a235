-- The host's state: locks, history and ledger. Times are microseconds since 1970 in UTC.
-- The same tables as in SQLite; names are compared byte by byte, as there.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

-- One row a job, made by its first run. The key and the fence make the lock: one holder at a time, and a fence that only
-- grows tells what a later run wrote from what an earlier one still tries to write.
CREATE TABLE IF NOT EXISTS job_state (
  job         VARCHAR(100) NOT NULL PRIMARY KEY,
  fence       BIGINT       NOT NULL,  -- of the last run that took the lock
  run         VARCHAR(40)  NULL,      -- the run that holds the lock; null: free
  owner       VARCHAR(400) NULL,      -- the process that holds it
  lease_until BIGINT       NULL,      -- judged only where the owner cannot be looked up: another host's
  -- A lock without an owner could never be taken back.
  CHECK ((run IS NULL) = (owner IS NULL) AND (run IS NULL) = (lease_until IS NULL))
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row a run: the history. The key is what logs and reports name.
CREATE TABLE IF NOT EXISTS run (
  id           VARCHAR(40)  NOT NULL PRIMARY KEY,
  job          VARCHAR(100) NOT NULL,
  trigger_name VARCHAR(20)  NOT NULL,
  attempt      INT          NOT NULL,
  host         VARCHAR(255) NOT NULL,
  fence        BIGINT       NOT NULL,
  scheduled_at BIGINT       NOT NULL,
  started_at   BIGINT       NOT NULL,
  finished_at  BIGINT       NULL,
  outcome      INT          NULL,      -- 0 succeeded, 1 nothing to do, 2 failed; null: running
  message      TEXT         NOT NULL,
  report       MEDIUMTEXT   NULL,      -- JSON; null: running, or ended without one
  -- A run has ended with an outcome and a time, or it has not ended.
  CHECK ((outcome IS NULL) = (finished_at IS NULL)),
  -- The history of one job and of all, newest first, without reading all of it.
  KEY run_of_job (job, started_at),
  KEY run_by_start (started_at),
  -- The runs of a backfill by their due times, long after which they began.
  KEY run_by_slot (job, trigger_name, scheduled_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- The ledger: one row a due time, however it ended. The key makes that none has two.
CREATE TABLE IF NOT EXISTS slot (
  job          VARCHAR(100) NOT NULL,
  slot_at      BIGINT       NOT NULL,
  -- A due time ends in one of these ways and in no other.
  ending       VARCHAR(10)  NOT NULL CHECK (ending IN ('ran', 'skipped', 'merged', 'missed')),
  reason       VARCHAR(100) NOT NULL,  -- why it did not run; empty when it ran
  run          VARCHAR(40)  NULL,      -- the run that it became, was merged into or was skipped for
  trigger_name VARCHAR(20)  NOT NULL,
  recorded_at  BIGINT       NOT NULL,
  PRIMARY KEY (job, slot_at),
  -- The ledger of all jobs, newest first; the key serves that of one.
  KEY slot_by_time (slot_at),
  -- What was recorded lately, for a page that follows the ledger.
  KEY slot_by_record (recorded_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
