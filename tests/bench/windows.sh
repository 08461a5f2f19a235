#!/bin/sh
# What Carillon for Windows costs under Wine, beside the native program: sh tests/bench/windows.sh [rounds [seconds]]
#
# On what `sh tests/windows.sh build` has made. Start: a second run that finds nothing to do, and `cmd /c exit`, which
# is what Wine itself takes, from command to exit; the median of each is shown, and the difference is Carillon's. Speed:
# 10,000 answers into MariaDB by TLS, both programs. Slots: a service with a job of every second, whose process is killed
# each half minute for so many seconds (2000): those that are missing or twice in the ledger. And the archive's size.
set -eu
umask 022

cd "$(dirname "$0")/../.."
root=$(pwd -P)
rounds=${1:-20}
seconds=${2:-2000}
build=${CARILLON_BUILD_DIR:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
part=bench
# shellcheck source=tests/windows/world.sh
. tests/windows/world.sh
enter
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh
# shellcheck source=tests/windows/mysql.sh
. tests/windows/mysql.sh
# shellcheck source=tests/windows/trouble.sh
. tests/windows/trouble.sh

median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
took() { # command...: in milliseconds
    begun=$(date +%s%N)
    "$@" >"$scratch/out" 2>"$scratch/err" </dev/null
    echo $((($(date +%s%N) - begun) / 1000000))
}

measure_start() {
    must 0 windows run sync
    for _ in $(seq "$rounds"); do
        took wine cmd /c exit >>"$scratch/wine"
        took wine "$program" --config 'C:\ProgramData\Carillon\carillon.properties' run sync >>"$scratch/idle"
        took "$build/bin/carillon" --config "$scratch/native/carillon.properties" run sync >>"$scratch/native.idle"
    done
    own=$(median <"$scratch/wine") idle=$(median <"$scratch/idle")
    echo "start: nothing pending $idle ms, Wine's own $own ms: $((idle - own)) ms above it (at most 200);" \
        "native $(median <"$scratch/native.idle") ms; medians of $rounds"
}

measure_speed() {
    for round in 1 2 3; do
        for world in native windows; do
            fill $world 10000
            begun=$(date +%s%N)
            must 0 $world run sync
            echo $((($(date +%s%N) - begun) / 1000000)) >>"$scratch/$world.speed"
        done
    done
    theirs=$(median <"$scratch/native.speed") ours=$(median <"$scratch/windows.speed")
    echo "10,000 answers: $ours ms, native $theirs ms: $(awk "BEGIN {printf \"%.2f\", $ours / $theirs}") times (at most 3);" \
        "medians of $round"
}

measure_slots() {
    install_troublemaker
    printf '%s\n' 'http.address =' 'jobs.enabled = each' | configuration windows
    trouble_job each effect <<END
job.schedule = every 1s
job.timezone = UTC
task.effects = C:/effects
END
    kills=0
    ends=$(($(date +%s) + seconds))
    serve
    while [ "$(date +%s)" -lt "$ends" ]; do
        sleep 30
        kill -9 "$host"
        wait "$host" 2>/dev/null || :
        kills=$((kills + 1))
        serve
    done
    must 0 windows ledger each --json -n 100000
    jq -r '.[]? // .rows[]? | [(.slot // .scheduledAt), .end] | @tsv' "$scratch/out" >"$scratch/slots"
    cut -f 1 "$scratch/slots" | sed 's/\.[0-9]*Z$/Z/' | date -u -f - +%s | sort -n >"$scratch/seconds"
    due=$(($(tail -n 1 "$scratch/seconds") - $(head -n 1 "$scratch/seconds") + 1))
    echo "slots: $due due through $kills kills of the host, $((due - $(uniq "$scratch/seconds" | wc -l))) missing," \
        "$(uniq -d "$scratch/seconds" | wc -l) twice; $(cut -f 2 "$scratch/slots" | sort | uniq -c | tr -s ' \n' ' ')"
}

echo "$(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores, load average at the start $(cut -d ' ' -f 1 /proc/loadavg), $(wine --version)"
echo "size of the archive: $(wc -c <"$zip") bytes (at most 12582912)"
start_mysql
for world in native windows; do
    printf 'http.address =\njobs.enabled =\n' | configuration $world
    start_gateway $world
    mysql_job $world sync
done
measure_speed
measure_start
measure_slots
