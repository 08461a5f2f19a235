#!/bin/sh
# All tests, as the continuous integration runs them: sh tests/run.sh [ctest argument...]
#
# Installs what is missing, builds, starts a MariaDB server of its own, runs CTest and returns its code.
#   CARILLON_BUILD_DIR   the build folder (build)
#   CARILLON_PLATFORM    the operating system that is built for: linux or, here too, posix alone (linux)
#   CI                   if set, warnings are errors
#   CARILLON_WINDOWS     1: what is built for Windows is tested too, 0: it is not; else where its libraries are there
set -eu

cd "$(dirname "$0")/.."
root=$(pwd -P)
build=${CARILLON_BUILD_DIR:-build}
child=
scratch=

# In a process group of its own, so that an interrupt ends all of it, with the tests that CTest has begun.
step() {
    setsid "$@" &
    child=$!
    status=0
    wait "$child" || status=$?
    child=
    return "$status"
}

clean_up() {
    trap '' HUP INT TERM
    if [ -n "$child" ]; then
        kill -TERM "-$child" 2>/dev/null || :
        wait "$child" 2>/dev/null || :
    fi
    if [ -n "$scratch" ]; then
        sh "$root/tests/support/mariadb.sh" stop "$scratch"
        rm -rf "$scratch"
    fi
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

sh host/packages.sh test

windows=OFF
if sh tests/windows.sh wanted; then windows=ON; fi

# -g1: a backtrace names its lines; the rest of -g costs a third of the build and nobody debugs here.
step cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=ON \
    "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -g1 -DNDEBUG" -DCARILLON_UNITY=ON -DCARILLON_FUZZ=ON ${CI:+-DCARILLON_WERROR=ON} \
    -DCARILLON_WINDOWS_TESTS=$windows ${CARILLON_PLATFORM:+-DCARILLON_PLATFORM="$CARILLON_PLATFORM"}
step cmake --build "$build"
if [ $windows = ON ]; then step sh tests/windows.sh build; fi

scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon.XXXXXX")
assignments=$(sh tests/support/mariadb.sh start "$scratch")
eval "$assignments"
export CARILLON_TEST_MYSQL_PORT CARILLON_TEST_MYSQL_SOCKET CARILLON_TEST_MYSQL_USER CARILLON_TEST_MYSQL_PASSWORD
export CARILLON_TEST_MYSQL_CA CARILLON_TEST_MYSQL_PID
export CARILLON_TEST_REQUIRE_MYSQL=1

# The servers of the tests are on this machine, where no proxy leads.
unset http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY

cd "$build"
step ctest --no-tests=error --output-on-failure -j 4 "$@"
