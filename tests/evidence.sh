#!/bin/sh
# The proof that each validation has one effect, whatever breaks: sh tests/evidence.sh
#
# Runs the scenarios of the plugin Passerelle in their full form and prints a table of what was done to them, how often,
# and how it went, as it stands in tests/README.md. 13 minutes. Tests that fail or are skipped are told on stderr.
#   CARILLON_BUILD_DIR   the build folder (build)
set -eu

cd "$(dirname "$0")/.."
build=${CARILLON_BUILD_DIR:-build}
sh host/packages.sh test >&2
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=ON >&2
cmake --build "$build" --target passerelle_scenario >&2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-evidence.XXXXXX")
trap 'sh tests/support/mariadb.sh stop "$scratch/mariadb"; rm -rf "$scratch"' EXIT
trap 'exit 130' HUP INT TERM
assignments=$(sh tests/support/mariadb.sh start "$scratch/mariadb")
eval "$assignments"
export CARILLON_TEST_MYSQL_PORT CARILLON_TEST_MYSQL_SOCKET CARILLON_TEST_MYSQL_USER CARILLON_TEST_MYSQL_PASSWORD
export CARILLON_TEST_MYSQL_CA CARILLON_TEST_MYSQL_PID
export CARILLON_TEST_REQUIRE_MYSQL=1 CARILLON_SCENARIO=full

# A pipe has the status of its last command only.
{
    status=0
    "$build/tests/passerelle_scenario" || status=$?
    echo "$status" >"$scratch/status"
} | tee "$scratch/log" | grep --line-buffered -v '^evidence' >&2

echo '| fault | times | outcome |'
echo '|---|---:|---|'
awk -F '\t' '$1 == "evidence" {printf "| %s | %s | %s |\n", $2, $3, $4}' "$scratch/log"
exit "$(cat "$scratch/status")"
