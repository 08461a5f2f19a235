#!/bin/sh
# How long the overview takes with 500 jobs and 100,000 runs in the ledger: sh tests/bench/overview.sh [requests]
#
# From the request to the last byte, over one new connection each, as curl sees it. The runs are one each 7 minutes of a
# job, so that all of them are in the last 24 hours, which the page shows slot by slot; each tenth of them failed.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/support.sh

requests=${1:-100}
build_carillon Stopwatch
host=$scratch/host
host_folder "$host" process '0 0 1 1 *' </dev/null
sed -i 's/^jobs.enabled = .*/jobs.enabled = */; s/^http.address =.*/http.address = 127.0.0.1:0/' "$host/carillon.properties"
for i in $(seq 499); do cp "$host/jobs/job.properties" "$host/jobs/job-$i.properties"; done

start_host "$host"
stop "$pid" # made the store
sqlite3 "$host/state/carillon.db" <<'END'
WITH RECURSIVE
  jobs (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM jobs WHERE n < 499),
  times (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM times WHERE n < 199),
  made AS (SELECT CASE jobs.n WHEN 0 THEN 'job' ELSE 'job-' || jobs.n END AS job, jobs.n || '-' || times.n AS id,
      (CAST(strftime('%s', 'now') AS INTEGER) - 420 * times.n - 60) * 1000000 AS at, (jobs.n + times.n) % 10 = 0 AS bad
    FROM jobs, times)
INSERT INTO run SELECT id, job, 'schedule', 1, 'bench', 1, at, at, at + 400000 + abs(random() % 900000),
    CASE bad WHEN 1 THEN 2 ELSE 0 END, 'a message of a usual length, such as that nothing was pending',
    '{"job":"' || job || '","run":"' || id || '","counters":{"fetched":12,"applied":11,"rejected":1,"pending_after":0},"warnings":[],"roles":{"fetched":"work","rejected":"rejected","pending_after":"backlog"}}', NULL
  FROM made;
INSERT INTO slot SELECT job, scheduled_at, 'ran', '', id, 'schedule', started_at FROM run;
END
start_host "$host"
sleep 2 # it has read the ledger of the day meanwhile
url=$(sed -n 's/.*http.listening address=\([^ ]*\).*/\1/p' "$scratch/log" | tail -1)/
curl -sf -H 'Accept: text/html' -o "$scratch/page" "$url"
marks=$(grep -o 'class="m-[a-z]*[^"]*" d="[^"]*"' "$scratch/page" | grep -v m-line | grep -o M | wc -l)
for _ in $(seq "$requests"); do
    curl -sf -H 'Accept: text/html' -o /dev/null -w '%{time_total}\n' "$url"
done | awk '{print $1 * 1000}' >"$scratch/times"

about 'The overview, 500 jobs and 100,000 runs in the last 24 hours, in milliseconds to the last byte.'
{
    printf 'page\trequests\tmedian\tp99\tmost\n'
    printf '%s KB, %s marks\t' "$(($(wc -c <"$scratch/page") / 1024))" "$marks"
    spread <"$scratch/times"
} | table
stop "$pid"
