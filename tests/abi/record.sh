#!/bin/sh
# Records what crosses the border between host and plugins for this version of the SDK, in tests/abi/sdk-VERSION.txt.
#
#   sh tests/abi/record.sh            refuses to change what is recorded for the version; adds to it
#   sh tests/abi/record.sh --again    for a version that was never released
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=$here/../../host/include
version=$(sed -n 's/^#define CARILLON_SDK_VERSION \([0-9]*\)$/\1/p' "$include/carillon/Plugin.h")
record=$here/sdk-$version.txt
now=$(mktemp)
trap 'rm -f "$now"' EXIT

sh "$here/dump.sh" "$include" >"$now"
if [ -f "$record" ] && [ "${1:-}" != --again ]; then
    status=0
    python3 "$here/border.py" --compare "$record" "$now" || status=$?
    if [ "$status" = 1 ]; then
        echo "record.sh: error: SDK $version is recorded otherwise. Raise CARILLON_SDK_VERSION in" \
            'host/include/carillon/Plugin.h; if that version was never released, record it with --again' >&2
        exit 1
    fi
fi
cp "$now" "$record"
echo "recorded ${record##*/}"
