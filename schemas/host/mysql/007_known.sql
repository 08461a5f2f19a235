-- Since when something is expected of jobs. Times are microseconds since 1970 in UTC.
-- The same table as in SQLite.
-- Every statement may be repeated and ends with a semicolon at the end of a line.

-- One row a job of which a success is expected. The key makes that the time does not begin anew with a host.
CREATE TABLE IF NOT EXISTS job_known (
  job   VARCHAR(100) NOT NULL PRIMARY KEY,
  since BIGINT       NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
