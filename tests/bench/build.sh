#!/bin/sh
# What a build costs: sh tests/bench/build.sh
#
# From nothing and without a compiler cache: the programs of the quick start, then all that the tests need, each with
# the ten sources that cost most. Then, in the folder of the tests as tests/run.sh builds it, from one touched source,
# which CARILLON_ALONE names, to the end of its test: once a source of the host, once a test. Processor time (user and system, linking included) is what
# can be compared between machines and beside other work; the wall clock is that of this machine at this moment.
#
#   CARILLON_BENCH_CASES     some of "quick tests touch" (all)
#   CARILLON_BENCH_OPTIONS   further options of CMake, to compare with and without
set -eu

# As the launcher of the compiler: notes what it took.
if [ "${1:-}" = compile ]; then
    shift
    "$@"
    for word in "$@"; do
        case $word in *.cpp | *.cxx | *.hxx.cxx) source=$word ;; esac
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
cases=" ${CARILLON_BENCH_CASES:-quick tests touch} "

configure() { # folder, options
    folder=$1
    shift
    # shellcheck disable=SC2086 # the options are words
    cmake -S "$root" -B "$folder" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCARILLON_UNITY=ON \
        "-DCMAKE_CXX_COMPILER_LAUNCHER=sh;$here/build.sh;compile" "$@" ${CARILLON_BENCH_OPTIONS:-} >"$scratch/log" ||
        { cat "$scratch/log" >&2; exit 1; }
}

measure() { # name, command...
    name=$1
    shift
    : >"$CARILLON_COMPILE_TIMES"
    began=$(date +%s.%N)
    # In a shell of its own, whose children are what is measured.
    ("$@" >"$scratch/log" 2>&1 && times >"$scratch/cost") || { cat "$scratch/log" >&2; exit 1; }
    ended=$(date +%s.%N)
    awk -v name="$name" -v wall="$began $ended" -v objects="$(wc -l <"$CARILLON_COMPILE_TIMES")" 'NR == 2 {
        split(wall, t); split($1, user, /[ms]/); split($2, kernel, /[ms]/)
        printf "%-48s %7.1f s of a processor, %7.1f s by the clock, %d objects\n", name,
            (user[1] + kernel[1]) * 60 + user[2] + kernel[2], t[2] - t[1], objects }' "$scratch/cost"
}

dearest() { sort -rn "$CARILLON_COMPILE_TIMES" | head -n 10 | sed 's/^/    /'; }

case $cases in *' quick '*)
    configure "$scratch/quick" "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -DNDEBUG" -DBUILD_TESTING=OFF
    measure 'quick start, from nothing' cmake --build "$scratch/quick" --target carillon Passerelle carillon-test-gateway
    dearest
    rm -rf "$scratch/quick"
    ;;
esac

touched() { # source, program, suite
    touch "$root/$1"
    measure "from $1 to its test" sh -c 'cmake --build "$1" --target "$2" && "$1/tests/$2" "$3"' - \
        "$scratch/tests" "$2" "$3"
}

case $cases in *' tests '* | *' touch '*)
    configure "$scratch/tests" "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG" -DBUILD_TESTING=ON -DCARILLON_FUZZ=ON
    ;;
esac
case $cases in *' tests '*)
    measure 'all tests, from nothing' cmake --build "$scratch/tests"
    dearest
    ;;
esac
case $cases in *' touch '*)
    # As somebody who works on these two.
    configure "$scratch/tests" '-DCARILLON_ALONE=AlertDecision;AlertDecisionTest'
    cmake --build "$scratch/tests" --target alerts >"$scratch/log" || { cat "$scratch/log" >&2; exit 1; }
    touched host/src/alerts/AlertDecision.cpp alerts AlertDecisionTest
    touched tests/unit/AlertDecisionTest.cpp alerts AlertDecisionTest
    ;;
esac
