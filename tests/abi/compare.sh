#!/bin/sh
# Compares what crosses the border between host and plugins with what was recorded for this version of the SDK.
#
#   sh tests/abi/compare.sh [INCLUDE [RECORDS]]     the headers (host/include); the folder of the records (tests/abi)
#
# 0: it is as recorded. 1: it is not; stdout tells what differs, and what to do.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=${1:-$here/../../host/include}
records=${2:-$here}
version=$(sed -n 's/^#define CARILLON_SDK_VERSION \([0-9]*\)$/\1/p' "$include/carillon/Plugin.h")
record=$records/sdk-$version.txt

if [ -z "$version" ]; then
    echo 'Plugin.h does not define CARILLON_SDK_VERSION as a number.'
    exit 1
fi
if [ ! -f "$record" ]; then
    echo "The ABI of SDK $version was never recorded. Record it, and commit the file: sh tests/abi/record.sh"
    exit 1
fi
now=$(mktemp)
trap 'rm -f "$now"' EXIT
sh "$here/dump.sh" "$include" >"$now"
status=0
python3 "$here/border.py" --compare "$record" "$now" || status=$?
case $status in
0) echo "The ABI is that of SDK $version." ;;
1)
    echo "A plugin that was built with SDK $version as recorded would crash in this host. Either take that back, or:" \
        "raise CARILLON_SDK_VERSION in host/include/carillon/Plugin.h to $((version + 1)), then record it and commit" \
        'the file: sh tests/abi/record.sh'
    ;;
2)
    echo "What is new harms no plugin that was built with SDK $version. Record it, and commit the file:" \
        'sh tests/abi/record.sh'
    ;;
esac
[ "$status" = 0 ]
