#!/bin/sh
# Runs one fuzz target: sh tests/fuzz/run.sh BUILD TARGET SECONDS
#
# Begins with the seeds. What it finds on the way is kept in BUILD/found/TARGET, for the next time; an input for which
# something does not hold stands in BUILD as TARGET-crash-… and is run again by BUILD/TARGET_fuzz FILE.
#   CARILLON_FUZZ_SEED   makes a run repeatable, as far as its time allows
set -eu

seeds=$(cd "$(dirname "$0")/seeds/$2" && pwd)
cd "$1"
mkdir -p "found/$2"
export UBSAN_OPTIONS="print_stacktrace=1${UBSAN_OPTIONS:+:$UBSAN_OPTIONS}"
exec "./$2_fuzz" "found/$2" "$seeds" -max_total_time="$3" -timeout=25 -rss_limit_mb=2500 -artifact_prefix="$2-" \
    ${CARILLON_FUZZ_SEED:+-seed=$CARILLON_FUZZ_SEED} -print_final_stats=1
