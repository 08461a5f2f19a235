#!/bin/sh
# What many jobs cost while none of them is due, beside other schedulers: sh tests/bench/many-jobs.sh [jobs [seconds]]
#
# The jobs are spread over the minutes, hours and days of a month half a year ahead; Carillon's are instances of one
# job file. Load: from the command until the scheduler says that it is ready (the cron daemons say nothing: until they
# sleep for 50 ms). Five seconds later come the resident memory of its process (and with its children) and the
# processor time that all of them take in so many seconds (60). Second start: with the state that the first one left.
# One scheduler after the other; croner gets a heap of 14 GB, as it ends without one. 100,000 jobs: 13 minutes, given
# up after 34.
set -eu

cd "$(dirname "$0")/../.."
jobs=${1:-100000}
seconds=${2:-60}
. tests/bench/support.sh
give_up_after $((12 * seconds + jobs / 100 + 300))
month=$(date -d "$(date +%Y-%m-15) + 6 months" +%-m)

settled() { # name: the row of the scheduler that was started last
    sleep 5
    resident=$(resident_mb "$pid") children=$(family_mb "$pid")
    before=$(cpu_ns "$pid")
    sleep "$seconds"
    busy=$(($(cpu_ns "$pid") - before))
    stop "$pid"
    printf '%s\t%s\t%s\t%s\t%s\n' "$1" "$(awk "BEGIN {printf \"%.2f\", $took / 1000}")" "$resident" "$children" \
        "$(awk "BEGIN {printf \"%.3f\", $busy / 1e9}")"
}
spread_out() { # separator: minute, hour and day of each job
    awk -v jobs="$jobs" -v OFS="$1" 'BEGIN {for (i = 0; i < jobs; i++) print i % 60, i % 24, 1 + i % 28}'
}
of_carillon() {
    # shellcheck disable=SC2016 # the variables are those of the job's file
    host_folder "$scratch/host" process '${instance.minute} ${instance.hour} ${instance.day} '"$month *" </dev/null
    {
        echo name,minute,hour,day
        spread_out , | awk '{print "i" NR "," $0}'
    } >"$scratch/host/jobs/job.instances.csv"
    for start in first second; do
        start_host "$scratch/host"
        settled "Carillon, $start start"
    done
}

if measures carillon; then build_carillon Stopwatch; fi
if measures peers; then build_peers; fi
about "$jobs jobs, none due; ratio: resident memory to Carillon's"
: >"$scratch/rows"
if measures carillon; then of_carillon >>"$scratch/rows"; fi
if measures peers; then
    if unpack_crons; then
        spread_out ' ' | awk -v month="$month" '{print $0, month, "* :"}' >"$scratch/crontab"
        for name in busybox bcron cron; do
            start_cron "$name" "$scratch/crontab"
            settled "$(with_version "$name")" >>"$scratch/rows"
        done
    fi
    for name in robfig APScheduler node-cron Quartz croner; do
        heap_mb=
        [ "$name" != croner ] || heap_mb=14000
        start_until ready peer "$name" many "$jobs" "$month"
        settled "$(with_version "$name")" >>"$scratch/rows"
    done
fi
{
    printf 'scheduler\tload s\tresident MB\twith children\tCPU s in %s s\n' "$seconds"
    cat "$scratch/rows"
} | with_ratio 3 | table
