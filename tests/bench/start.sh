#!/bin/sh
# How soon a scheduler of ten jobs is ready to fire, and how much memory it holds then, beside other schedulers:
#   sh tests/bench/start.sh [rounds]
#
# From the command until the scheduler says that it is ready (the cron daemons say nothing: until they sleep); medians
# of the rounds (9), the schedulers taking turns. Memory is that of the scheduler's process and of its children, a
# second later. Carillon starts on new state each time. 3 minutes, given up after 8.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-9}
. tests/bench/support.sh
give_up_after $((40 * rounds + 120))
jobs=10
month=$(date -d "$(date +%Y-%m-15) + 6 months" +%-m)

settled() { # file that collects: a line of the scheduler that was started last
    sleep 1
    echo "$took $(resident_mb "$pid") $(family_mb "$pid")" >>"$1"
    stop "$pid"
}
of_carillon() {
    host_folder "$scratch/host" process "0 0 1 $month *" </dev/null
    { echo name && seq -f 'i%g' "$jobs"; } >"$scratch/host/jobs/job.instances.csv"
    start_host "$scratch/host"
    settled "$scratch/of.Carillon"
    rm -rf "$scratch/host"
}
column() { cut -d ' ' -f "$1" "$scratch/of.$name" | median; }

names=
if measures carillon; then
    build_carillon Stopwatch
    names=Carillon
fi
if measures peers; then
    build_peers
    names="$names robfig APScheduler Quartz croner node-cron"
    if unpack_crons; then names="$names busybox bcron cron"; fi
fi
about "Start with $jobs jobs, median of $rounds; ratio: to Carillon's start"
yes "0 0 1 $month * :" | head -n "$jobs" >"$scratch/crontab"
for _ in $(seq "$rounds"); do
    for name in $names; do
        case $name in
        Carillon) of_carillon ;;
        busybox | bcron | cron)
            start_cron "$name" "$scratch/crontab"
            settled "$scratch/of.$name"
            ;;
        *)
            start_until ready peer "$name" many "$jobs" "$month"
            settled "$scratch/of.$name"
            ;;
        esac
    done
done
{
    printf 'scheduler\tready ms\tresident MB\twith children\n'
    for name in $names; do
        if [ "$name" = Carillon ]; then printf Carillon; else printf '%s' "$(with_version "$name")"; fi
        printf '\t%s\t%s\t%s\n' "$(column 1)" "$(column 2)" "$(column 3)"
    done
} | with_ratio 2 | table
