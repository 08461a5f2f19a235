-- What people are alerted to. Times are microseconds since 1970 in UTC.
-- The same tables as in SQLite.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

-- One row a job of which something is remembered. The version makes a decision and its alerts one step, on however many
-- hosts: who has decided by an older row writes nothing.
CREATE TABLE IF NOT EXISTS alert_job (
  job           VARCHAR(100) NOT NULL PRIMARY KEY,
  version       BIGINT       NOT NULL,
  state         TEXT         NOT NULL,  -- JSON; empty: nothing is remembered yet
  snoozed_until BIGINT       NOT NULL   -- nobody is alerted to this job before
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row an alert and channel, kept until it is delivered, and for a while after that. The key is made of what it is
-- about: no event is told twice by one channel.
CREATE TABLE IF NOT EXISTS alert (
  id          VARCHAR(40)  NOT NULL PRIMARY KEY,
  job         VARCHAR(100) NOT NULL,
  kind        VARCHAR(20)  NOT NULL,
  channel     VARCHAR(20)  NOT NULL CHECK (channel IN ('mail', 'webhook', 'ping')),
  created_at  BIGINT       NOT NULL,
  facts       TEXT         NOT NULL,  -- JSON
  -- What is being sent is one host's until its lease is over.
  state       VARCHAR(10)  NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'dropped')),
  message     VARCHAR(40)  NULL,      -- that it goes out in, with others; null: it was not tried yet
  due_at      BIGINT       NOT NULL,  -- not tried before
  attempts    INT          NOT NULL,
  fence       BIGINT       NOT NULL,  -- of the last attempt: what an earlier one reports late changes nothing
  owner       VARCHAR(400) NULL,      -- the process that sends it
  lease_until BIGINT       NULL,
  problem     VARCHAR(500) NOT NULL,  -- of the last attempt, or why it was dropped
  ended_at    BIGINT       NULL,
  CHECK ((state = 'sending') = (owner IS NOT NULL) AND (owner IS NULL) = (lease_until IS NULL)),
  CHECK ((state IN ('sent', 'dropped')) = (ended_at IS NOT NULL)),
  -- What is due, and the list for people.
  KEY alert_by_due (channel, state, due_at),
  KEY alert_by_time (created_at)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

-- One row a host: the end of the newest run whose alerts are decided. What ended later is looked at when it starts again.
CREATE TABLE IF NOT EXISTS alert_mark (
  host       VARCHAR(255) NOT NULL PRIMARY KEY,
  seen_until BIGINT       NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
