#!/bin/sh
# How long a search takes among a million runs and slots: sh tests/bench/search.sh [rounds]
#
# From the start of the command to its end, and the processor time that it takes, as the shell sees them; of each search
# the median. 2,000 runs of each of 500 jobs, of which each tenth failed and each fiftieth was a retry; what is looked
# for is nowhere, so that nothing ends a search early. First comes a command that makes the indexes of a store that an
# earlier version left.
set -eu
cd "$(dirname "$0")/../.."
. tests/bench/support.sh

rounds=${1:-10}
build_carillon
host=$scratch/host
host_folder "$host" process '0 0 1 1 *' </dev/null
carillon() { "$build/bin/carillon" --config "$host/carillon.properties" "$@"; }
carillon history >/dev/null # makes the store
sqlite3 "$host/state/carillon.db" <<'END'
DROP INDEX run_by_end;
DROP INDEX slot_by_end;
DELETE FROM host_migration WHERE name IN ('008_search.sql', '009_french.sql');
WITH RECURSIVE
  jobs (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM jobs WHERE n < 499),
  times (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM times WHERE n < 1999),
  made AS (SELECT 'job-' || jobs.n AS job, jobs.n || '-' || times.n AS id,
      (CAST(strftime('%s', 'now') AS INTEGER) - 420 * times.n - 60 + jobs.n % 60) * 1000000 AS at,
      (jobs.n + times.n) % 10 = 0 AS bad, CASE times.n % 50 WHEN 0 THEN 'retry' ELSE 'schedule' END AS asked
    FROM times, jobs ORDER BY times.n DESC)
INSERT INTO run SELECT id, job, asked, 1, 'bench', 1, at, at, at + 400000 + abs(random() % 900000),
    CASE bad WHEN 1 THEN 2 ELSE 0 END, 'a message of a usual length, such as that nothing was pending',
    '{"job":"' || job || '","run":"' || id || '","counters":{"fetched":12,"applied":11,"rejected":1},"warnings":[]}',
    'un message de longueur habituelle, tel que rien n''etait en attente'
  FROM made;
INSERT INTO slot SELECT job, scheduled_at, 'ran', '', id, trigger_name, started_at FROM run;
END

about 'Searches among 1,000,000 runs and as many slots, milliseconds of a command, and of a processor for it.'
measure() { # argument...
    for _ in $(seq "$rounds"); do
        begun=$(now_ns)
        (carillon "$@" >/dev/null 2>&1 && times >"$scratch/cpu") # in a pipe it would be another shell's
        awk 'NR == 2 {split($1, u, /[ms]/); split($2, s, /[ms]/)
            printf "%.0f ", ((u[1] + s[1]) * 60 + u[2] + s[2]) * 1000}' "$scratch/cpu"
        ms_since "$begun"
    done >"$scratch/times"
    printf '%s\t%s\t%s\n' "$*" "$(cut -d ' ' -f 2 "$scratch/times" | median)" "$(cut -d ' ' -f 1 "$scratch/times" | median)"
}
{
    printf 'search\tby the clock\tprocessor\n'
    once=$rounds rounds=1
    measure history -n 1 | sed 's/^/the indexes, and /'
    rounds=$once
    measure history -n 1
    for words in '--text nowhere' '--outcome nothing_to_do' '--outcome stopped' '--outcome failed --trigger cli' \
        '--longer 5m' '--outcome failed --text nowhere' '--outcome running'; do
        # shellcheck disable=SC2086 # the words are words
        measure history $words
    done
    for words in '--text nowhere' '--end missed' '--trigger cli'; do
        # shellcheck disable=SC2086
        measure ledger $words
    done
} | table
