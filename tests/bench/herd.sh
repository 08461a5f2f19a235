#!/bin/sh
# How soon all have started that are due at the same instant, beside other schedulers:
#   sh tests/bench/herd.sh [jobs [rounds]]
#
# Jobs that do nothing, all of them due at one second. From that second until the last one's first instruction, by the
# system's clock; for Carillon also until its ledger has all of them as ran and succeeded, looked up every 20 ms after
# the last start. Carillon's tasks note their start in a file, those of the libraries in memory, and no library keeps
# a ledger or a log here; Carillon's jobs log nothing below a warning, or 10,000 new log files would be what is measured.
# Medians of the rounds (3), and the fewest that ran. 10,000 jobs: 8 minutes, given up after 32.
set -eu

cd "$(dirname "$0")/../.."
jobs=${1:-10000}
rounds=${2:-3}
lead=$((10 + jobs / 1000)) # seconds in which to load them
. tests/bench/support.sh
give_up_after $((rounds * 7 * (lead + 65) + 120))

of_peer() { # name
    heap_mb=
    [ "$1" != croner ] || heap_mb=14000 # for 100,000 jobs
    (peer "$1" herd "$jobs" $(($(date +%s) + lead))) >"$scratch/answer" &
    pid=$!
    noted "$pid"
    ended "$pid" || fail "$1 failed"
    awk '{print $1, $2, "-", "-"}' "$scratch/answer"
}
in_ledger() { # how many of the slots ended as ran, their runs as succeeded
    sqlite3 -readonly "$scratch/host/state/carillon.db" "SELECT COUNT(*) FROM slot JOIN run ON run.id = slot.run
        WHERE slot.slot_at = ${at}000000 AND slot.ending = 'ran' AND run.outcome = 0"
}
started() { echo $(($(stat -c %s "$scratch/stopwatch" 2>/dev/null || echo 0) / 16)); }
of_carillon() { # isolation
    at=$(($(date +%s) + lead))
    host_folder "$scratch/host" "$1" "$(date -d "@$at" '+%-S %-M %-H %-d %-m *')" <<END
task.file = $scratch/stopwatch
logging.loggers.root.level = warning
END
    { echo name && seq -f 'i%.0f' "$jobs"; } >"$scratch/host/jobs/job.instances.csv"
    start_host "$scratch/host"
    [ "$(date +%s)" -lt "$at" ] || fail 'the jobs were loaded too late'
    sleep $((at - $(date +%s)))
    until [ "$(started)" -ge "$jobs" ] || [ "$(date +%s)" -ge $((at + 60)) ]; do sleep 0.05; done
    until [ "$(in_ledger)" = "$jobs" ] || [ "$(date +%s)" -ge $((at + 60)) ]; do sleep 0.02; done
    settled=$(ms_since "${at}000000000")
    recorded=$(in_ledger)
    stop "$pid"
    od -A n -t d8 -w16 -v "$scratch/stopwatch" |
        awk -v recorded="$recorded" -v settled="$settled" '{late = ($2 - $1) / 1e6; if (late > most) most = late}
            END {printf "%d %.1f %d %s\n", NR, most, recorded, settled}'
    rm -rf "$scratch/host" "$scratch/stopwatch"
}

column() { cut -d ' ' -f "$1" "$scratch/of.$name"; }

names=
if measures carillon; then
    build_carillon Stopwatch
    names='process thread'
fi
if measures peers; then
    build_peers
    names="$names robfig croner node-cron Quartz APScheduler"
fi
about "$jobs jobs due at the same instant, median of $rounds; ratio: to Carillon's last start in worker processes"
for _ in $(seq "$rounds"); do
    for name in $names; do
        case $name in
        process | thread) of_carillon "$name" ;;
        *) of_peer "$name" ;;
        esac >>"$scratch/of.$name"
    done
done
{
    printf 'scheduler\tran at least\tlast started ms\tledger at least\tledger whole ms\n'
    for name in $names; do
        case $name in
        process | thread) printf 'Carillon, %s' "$name" ;;
        *) printf '%s' "$(with_version "$name")" ;;
        esac
        printf '\t%s\t%s\t%s\t%s\n' "$(column 1 | sort -n | head -1)" "$(column 2 | median)" \
            "$(column 3 | sort -n | head -1)" "$(column 4 | median)"
    done
} | with_ratio 3 | table
