#!/bin/sh
# What clients over HTTP cost: sh tests/bench/web.sh [rounds [seconds]]
#
# One host with a job of every second in a worker process, whose two log lines are followed live. Lateness is the time of
# the task's first instruction, by the system's clock, less the instant that its schedule names; a slot is lost when the
# ledger has another end for it than a run; a page is GET /healthz on a connection of its own, ten a second, to its last
# byte. In each of the rounds (5), one after the other for the seconds (20), so that each case has its like with nobody
# else beside it on a shared machine:
#   nobody
#   readers    200 of the live log, each of which has to get all lines
#   slow       2,000 clients that send a byte a second, and come again when they are cut off
#   costly     500 that ask for the costliest page, a search of a long log that finds nothing, and again when it came
#   signins    480 that sign in at once with a wrong password, each time from another address
# Then 64 connections ask for /healthz as fast as they can, with nobody and with 200 readers beside them. Clients and host
# share the machine. Lateness and pages are of all rounds together, requests a second the median of the rounds. 18 minutes,
# given up after 45. CARILLON_BENCH_CASES names those to measure alone.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-5}
seconds=${2:-20}
cases=${CARILLON_BENCH_CASES:-nobody readers slow costly signins}
. tests/bench/support.sh
give_up_after $((rounds * 12 * (seconds + 10) + 300))
load=$build/tests/bench/http_load
folder=$scratch/host

serve() {
    host_folder "$folder" process '* * * * * *' <<END
task.file = $scratch/stopwatch
END
    sed -i 's/^http.address =.*/http.address = 127.0.0.1:0/' "$folder/carillon.properties"
    # Who signs in comes from many places, as a proxy that is trusted says; nobody else does without a user.
    if [ "$1" = signins ]; then
        echo 'http.proxy.trusted = 127.0.0.1' >>"$folder/carillon.properties"
        echo 'a long password' | "$build/bin/carillon" --config "$folder/carillon.properties" passwd user >"$scratch/log"
    fi
    mkdir -p "$folder/logs"
    if [ "$1" = costly ]; then
        seq -f '2026-11-22T10:32:23.123Z information 20261122-103223-00000000 step.done step=%g text="a line of a task"' \
            100000 >"$folder/logs/job.log"
    fi
    start_host "$folder"
    address=$(sed -n 's,.*http.listening address=http://,,p' "$scratch/log")
    [ -n "$address" ] || fail 'the host does not say where it listens'
}
# Starts the clients of a case for the seconds: sets beside, empty for nobody.
begin() { # case
    beside=
    case $1 in
    readers) "$load" readers "$address" /live/log 200 $((seconds + 4)) >"$scratch/clients" & ;;
    slow) "$load" drip "$address" 2000 $((seconds + 4)) >"$scratch/clients" & ;;
    costly) "$load" crowd "$address" '/log?job=job&text=nowhere' 500 $((seconds + 4)) >"$scratch/clients" & ;;
    signins) "$load" signins "$address" 480 $((seconds + 4)) >"$scratch/clients" & ;;
    nobody) return ;;
    esac
    beside=$!
    noted "$beside"
    sleep 3 # until all are there
}
finish() { # case
    [ -n "$beside" ] || return 0
    ended "$beside" || fail "the clients of the case $1 failed"
    if [ "$1" = readers ]; then
        read -r count fewest most <"$scratch/clients"
        if [ "$count" != 200 ] || [ "$fewest" -lt $((2 * (seconds - 2))) ] || [ "$most" -gt $((fewest + 8)) ]; then
            fail "200 readers got $fewest to $most lines each in $seconds s"
        fi
    fi
    cat "$scratch/clients" >>"$scratch/clients.$1"
}
firings_of() { # case
    serve "$1"
    begin "$1"
    rm -f "$scratch/stopwatch" # the file is opened for each run
    "$load" pages "$address" /healthz "$seconds" >>"$scratch/pages.$1" || fail "a page failed in the case $1"
    finish "$1"
    stop "$pid"
    "$build/bin/carillon" --config "$folder/carillon.properties" ledger job --json -n 5000 | lost >>"$scratch/lost.$1"
    od -A n -t d8 -w16 -v "$scratch/stopwatch" | awk '{print ($2 - $1) / 1e6}' >>"$scratch/late.$1"
    rm -rf "$folder" "$scratch/stopwatch"
}
lost() { grep -o '"end":"[a-z]*"' | grep -vc '"ran"' || :; }
requests_of() { # case
    serve "$1"
    begin "$1"
    "$load" requests "$address" /healthz 64 "$seconds" >>"$scratch/requests.$1" || fail "a request failed in the case $1"
    finish "$1"
    stop "$pid"
    rm -rf "$folder" "$scratch/stopwatch"
}
name_of() { # case
    case $1 in
    nobody) echo 'Carillon, nobody else' ;;
    readers) echo '200 live readers' ;;
    slow) echo '2,000 slow clients' ;;
    costly) echo '500 on the costliest page' ;;
    signins) echo '480 signing in at once' ;;
    esac
}

build_carillon Stopwatch http_load
about "Beside clients over HTTP, $rounds rounds of $seconds s each; ratio: median lateness to that with nobody else"
for _ in $(seq "$rounds"); do
    for case in $cases; do firings_of "$case"; done
    for case in nobody readers; do
        case " $cases " in *" $case "*) requests_of "$case" ;; esac
    done
done
{
    printf 'clients\tfirings\tlate ms: median\tp99\tmost\tslots lost\tpages\tpage ms: median\tp99\tmost\trequests/s\n'
    for case in $cases; do
        [ -f "$scratch/requests.$case" ] || echo - >"$scratch/requests.$case"
        printf '%s\t%s\t%s\t%s\t%s\n' "$(name_of "$case")" "$(spread <"$scratch/late.$case")" \
            "$(awk '{n += $1} END {print n}' "$scratch/lost.$case")" \
            "$(spread <"$scratch/pages.$case")" "$(median <"$scratch/requests.$case")"
    done
} | with_ratio 3 | table
