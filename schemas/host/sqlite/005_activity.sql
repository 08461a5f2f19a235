-- That jobs are paused, and who did what. Times are microseconds since 1970 in UTC.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

-- One row a job that is paused by this version, beside its row in job_schedule, which says whether it is paused at all.
CREATE TABLE IF NOT EXISTS job_pause (
  job       VARCHAR(100) NOT NULL PRIMARY KEY,
  paused_by VARCHAR(200) NOT NULL,
  since_at  BIGINT       NOT NULL,
  until_at  BIGINT       NULL,      -- it fires again from then on; null: once somebody resumes it
  note      VARCHAR(250) NOT NULL
) WITHOUT ROWID;

-- One row an act: what somebody did, or was refused. What is refused again within the minute counts in the same row,
-- so that nobody can fill the table by that.
CREATE TABLE IF NOT EXISTS activity (
  id         INTEGER      NOT NULL PRIMARY KEY,  -- grows with each row: the newest has the largest
  at         BIGINT       NOT NULL,
  last_at    BIGINT       NOT NULL,  -- of the last one that the row counts
  times      BIGINT       NOT NULL,
  actor_kind VARCHAR(20)  NOT NULL CHECK (actor_kind IN ('user', 'token', 'system user', 'host', 'nobody')),
  actor      VARCHAR(100) NOT NULL,  -- empty: nobody that the host knows
  behind     VARCHAR(100) NOT NULL,  -- who became the actor by sudo, as that told
  via        VARCHAR(20)  NOT NULL CHECK (via IN ('command line', 'page', 'api', 'host')),
  address    VARCHAR(45)  NOT NULL,  -- where a request came from; empty: from this machine's command line
  what       VARCHAR(30)  NOT NULL,
  job        VARCHAR(100) NOT NULL,  -- empty: it is about no job
  subject    VARCHAR(100) NOT NULL,  -- a run, or somebody with a password or token; may be empty
  note       VARCHAR(400) NOT NULL,
  outcome    VARCHAR(10)  NOT NULL CHECK (outcome IN ('done', 'refused')),
  reason     VARCHAR(400) NOT NULL
);

-- What one job, one person or one kind of act has, newest first; and what is deleted first.
CREATE INDEX IF NOT EXISTS activity_by_time ON activity (at);
CREATE INDEX IF NOT EXISTS activity_of_job ON activity (job, id);
CREATE INDEX IF NOT EXISTS activity_of_actor ON activity (actor, id);
CREATE INDEX IF NOT EXISTS activity_of_kind ON activity (actor_kind, id);
