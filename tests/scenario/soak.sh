#!/bin/sh
# Soak: a host with 200 jobs every second that crash, hang, overlap and are retried at random, while jobs come and go,
# are paused, resumed and run by hand, and the host is killed now and then. Then proves that nothing was lost.
#
#   soak.sh [seconds]          60; the full form is 1800
#   CARILLON_BUILD_DIR         the build folder (build)
#   CARILLON_SOAK_SEED         repeats what a soak has done, as far as its timing allows; a summary tells its seed
#   CARILLON_SOAK_KEEP         if set, the folder of the soak is left for a look
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
build=$(cd "${CARILLON_BUILD_DIR:-$here/../../build}" && pwd -P)
seed=${CARILLON_SOAK_SEED:-$(date +%s)}
folder=$(mktemp -d "${TMPDIR:-/tmp}/carillon-soak.XXXXXX")
clean_up() {
    if [ -n "${CARILLON_SOAK_KEEP:-}" ]; then
        echo "soak.sh: left in $folder"
    else
        rm -rf "$folder"
    fi
}
trap clean_up EXIT
umask 027

status=0
python3 "$here/soak/drive.py" "$build/bin/carillon" "$build/tests/plugins/restless" "$folder" "${1:-60}" "$seed" ||
    status=$?
[ "$status" = 0 ] || tail -n 20 "$folder/host.log" >&2
[ ! -s "$folder/facts.json" ] || python3 "$here/soak/check.py" "$folder" || status=$?
exit "$status"
