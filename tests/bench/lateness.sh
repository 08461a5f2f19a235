#!/bin/sh
# How late a job of every second starts, beside other schedulers: sh tests/bench/lateness.sh [seconds]
#
# Lateness is the time of the task's first instruction, by the system's clock, less the instant that its schedule
# names. Carillon's task runs in a worker process (the second row: in a thread of the host), those of the libraries in
# their own process; cron daemons fire each minute only and start a shell and `date`. One scheduler after the other,
# first with the machine left alone, then with a busy loop on the first core. Of fewer than 100 firings the p99 is the
# most. 60 seconds each: 16 minutes, given up after 30.
set -eu

cd "$(dirname "$0")/../.."
seconds=${1:-60}
minutes=$(((seconds + 29) / 30))
. tests/bench/support.sh
give_up_after $((20 * seconds + 600))

# Start times in nanoseconds, of jobs of every `period` seconds -> milliseconds after the nearest second, or the last
# minute. In parts, since awk keeps no more than 15 digits.
lateness() { # period
    awk -v period="$1" '{
        late = substr($1, 1, length($1) - 9) % period * 1000 + substr($1, length($1) - 8) / 1e6
        print (period == 1 && late > 500 ? late - 1000 : late)}'
}
of_peer() { # name
    (peer "$1" lateness "$seconds") >"$scratch/starts" &
    pid=$!
    noted "$pid"
    ended "$pid" || fail "$1 failed"
    lateness 1 <"$scratch/starts"
}
of_carillon() { # isolation
    folder=$scratch/host
    host_folder "$folder" "$1" '* * * * * *' <<END
task.file = $scratch/stopwatch
END
    start_host "$folder"
    sleep "$seconds"
    stop "$pid"
    od -A n -t d8 -w16 -v "$scratch/stopwatch" | awk '{print ($2 - $1) / 1e6}'
    rm -rf "$folder" "$scratch/stopwatch"
}
of_crons() { # all three at a time: they are seldom late by the same
    started=
    for name in busybox bcron cron; do
        echo "* * * * * date +\\%s\\%N >>$scratch/$name.starts" >"$scratch/$name.tab"
        sh tests/bench/peers/cron.sh prepare "$scratch/$name.tab" "$scratch/$name"
        sh tests/bench/peers/cron.sh run "$name" "$cron_dir" "$scratch/$name" >/dev/null 2>&1 &
        noted $!
        started="$started $!"
    done
    sleep $((60 * minutes + 5))
    for one in $started; do stop "$one"; done
    for name in busybox bcron cron; do
        printf '%s, every minute\t%s\t-\t-\t-\t-\n' "$(with_version "$name")" \
            "$(lateness 60 <"$scratch/$name.starts" | spread)"
    done
}
all_of() { # file
    if measures carillon; then
        for isolation in process thread; do
            of_carillon "$isolation" >"$scratch/late"
            spread <"$scratch/late" >>"$1"
        done
    fi
    if measures peers; then
        for name in robfig APScheduler Quartz croner node-cron; do
            of_peer "$name" >"$scratch/late"
            spread <"$scratch/late" >>"$1"
        done
    fi
}

if measures carillon; then build_carillon Stopwatch; fi
if measures peers; then build_peers; fi
about "Lateness of a job of every second, in ms, over $seconds s each; ratio: idle median to Carillon's"

: >"$scratch/names"
if measures carillon; then printf '%s\n' 'Carillon, worker process' 'Carillon, thread' >>"$scratch/names"; fi
if measures peers; then
    for name in robfig APScheduler Quartz croner node-cron; do with_version "$name" >>"$scratch/names"; done
fi
all_of "$scratch/idle"
taskset --cpu-list 0 sh -c 'while :; do :; done' &
busy=$!
noted "$busy"
all_of "$scratch/taken"
stop "$busy"
: >"$scratch/crons"
if measures peers && unpack_crons; then of_crons >"$scratch/crons"; fi

{
    printf 'scheduler\tfired\tidle median\tp99\tmost\tone core taken: fired\tmedian\tp99\tmost\n'
    paste "$scratch/names" "$scratch/idle" "$scratch/taken"
    cat "$scratch/crons"
} | with_ratio 3 | table
