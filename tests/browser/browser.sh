#!/bin/sh
# The pages in a real browser: browser.sh CARILLON GATEWAY PLUGINS SCHEMAS FOLDER [test.mjs...]
#
# A headless Chromium (CARILLON_TEST_CHROMIUM, /usr/bin/chromium) looks at a real host with the plugin Passerelle, a test
# gateway and a database of the MariaDB that the environment names, as tests/support/mariadb.sh prints it. The two
# packages of npm that drive it are put into FOLDER, and so are pictures of all pages. Leaves with 77, and tests nothing,
# when there is no MariaDB or no Chromium and CARILLON_TEST_REQUIRE_MYSQL is not 1.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
[ $# -ge 5 ] || { echo 'usage: browser.sh CARILLON GATEWAY PLUGINS SCHEMAS FOLDER [test.mjs...]' >&2; exit 2; }
export CARILLON_TEST_PROGRAM="$1" CARILLON_TEST_GATEWAY="$2" CARILLON_TEST_PLUGINS="$3" CARILLON_TEST_SCHEMAS="$4"
folder=$5
shift 5
export CARILLON_TEST_CHROMIUM="${CARILLON_TEST_CHROMIUM:-/usr/bin/chromium}"
export CARILLON_TEST_PICTURES="$folder/pictures"

lacks() { # what
    echo "browser.sh: $1 (sh host/packages.sh test installs it; sh tests/support/mariadb.sh start DIR starts a server)" >&2
    [ "${CARILLON_TEST_REQUIRE_MYSQL:-}" != 1 ] || exit 1
    exit 77
}
[ -n "${CARILLON_TEST_MYSQL_PORT:-}" ] || lacks 'no MariaDB: CARILLON_TEST_MYSQL_PORT is not set'
[ -x "$CARILLON_TEST_CHROMIUM" ] || lacks "no Chromium at $CARILLON_TEST_CHROMIUM"
command -v npm >/dev/null || lacks 'no npm'

mkdir -p "$folder"
cp "$here"/*.mjs "$folder"
if ! cmp -s "$here/package-lock.json" "$folder/package-lock.json"; then
    cp "$here"/package*.json "$folder"
    (cd "$folder" && npm ci --silent --ignore-scripts >&2) || { rm -f "$folder/package-lock.json"; exit 1; }
fi

cd "$folder"
[ $# -gt 0 ] || set -- *.test.mjs
# One after the other: each has a host, a gateway and a browser of its own.
for test; do node --test "$test"; done
