#!/bin/sh
# Prints what crosses the border between host and plugins, as the headers below a folder have it.
#
#   sh tests/abi/dump.sh host/include
#
# libabigail reads it from the debug information of a library that holds nothing but these headers.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
include=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

command -v abidw >/dev/null || {
    echo 'dump.sh: error: abidw is missing: sh host/packages.sh test installs it' >&2
    exit 2
}
{
    (cd "$include" && grep -lE 'virtual |override|CarillonPluginInfo' carillon/*.h | sed 's/.*/#include "&"/')
    echo 'extern "C" __attribute__((visibility("default"))) void border() {}'
} >"$folder/Border.cpp"
g++ -std=c++20 -g -fPIC -shared -femit-class-debug-always -fno-eliminate-unused-debug-types -I"$include" \
    "$folder/Border.cpp" -o "$folder/border.so"
abidw --load-all-types --no-show-locs --no-parameter-names --out-file "$folder/border.xml" "$folder/border.so"
python3 "$here/border.py" "$folder/border.xml"
