#!/bin/sh
# What a build costs: sh tests/bench/build.sh
#
# From nothing and without a compiler cache: the programs of the quick start, then those of all tests, each with the ten
# sources that cost most. Then, as a developer builds, from a touched source to the end of its test. Processor time is
# what can be compared between machines; the wall clock is that of this one.
set -eu

# As the launcher of the compiler: notes what it took.
if [ "${1:-}" = compile ]; then
    shift
    "$@"
    for word in "$@"; do
        case $word in *.cpp | *.cxx) source=$word ;; esac
    done
    # Not in a pipe: the shell at its end has compiled nothing.
    own=$CARILLON_COMPILE_TIMES.$$
    times >"$own"
    awk -v source="${source##*/}" 'NR == 2 {
        split($1, user, /[ms]/); split($2, kernel, /[ms]/)
        printf "%.2f %s\n", (user[1] + kernel[1]) * 60 + user[2] + kernel[2], source }' "$own" >>"$CARILLON_COMPILE_TIMES"
    rm "$own"
    exit
fi

here=$(cd "$(dirname "$0")" && pwd -P)
root=$here/../..
scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-build.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM
export CARILLON_COMPILE_TIMES="$scratch/times"

configure() { # folder, options
    folder=$1
    shift
    cmake -S "$root" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
        "-DCMAKE_CXX_COMPILER_LAUNCHER=sh;$here/build.sh;compile" "$@" >"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
}

measure() { # name, folder, target...
    name=$1
    shift
    : >"$CARILLON_COMPILE_TIMES"
    began=$(date +%s.%N)
    folder=$1
    shift
    cmake --build "$folder" ${1:+--target "$@"} >"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
    ended=$(date +%s.%N)
    awk -v name="$name" -v wall="$began $ended" 'BEGIN { split(wall, t) } { sum += $1 }
        END { printf "%-44s %6.1f s wall, %6.1f s of processor to compile, %d sources\n", name, t[2] - t[1], sum, NR }' \
        "$CARILLON_COMPILE_TIMES"
}

dearest() { sort -rn "$CARILLON_COMPILE_TIMES" | head -n 10 | sed 's/^/    /'; }

configure "$scratch/quick" "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -DNDEBUG" -DCARILLON_UNITY=ON -DBUILD_TESTING=OFF
measure 'quick start, from nothing' "$scratch/quick" carillon Passerelle carillon-test-gateway
dearest
configure "$scratch/tests" "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG" -DCARILLON_UNITY=ON -DBUILD_TESTING=ON
measure 'all tests, from nothing' "$scratch/tests"
dearest

# A developer's folder: one source at a time, with the compiler cache where there is one. It is built first, untimed.
own=${CARILLON_BUILD_DIR:-$root/build}
cmake -S "$root" -B "$own" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG" -DCARILLON_UNITY=OFF -DBUILD_TESTING=ON >"$scratch/log"
cmake --build "$own" --target alerts >"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
touch "$root/host/src/alerts/AlertDecision.cpp"
began=$(date +%s.%N)
CCACHE_RECACHE=1 cmake --build "$own" --target alerts >"$scratch/log"
"$own/tests/alerts" AlertDecisionTest >"$scratch/log" 2>&1 || { cat "$scratch/log" >&2; exit 1; }
awk -v began="$began" -v ended="$(date +%s.%N)" 'BEGIN {
    printf "%-44s %6.1f s wall\n", "from a touched source to the end of its test", ended - began }'
