#!/bin/sh
# The ABI of the headers is as recorded, and each change of it is told from one that harms nobody.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
headers=$here/../../host/include
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "proof.sh: error: $*" >&2
    exit 1
}

sh "$here/compare.sh" "$headers" || exit 1

# expect NAME TEXT...: the copied headers are refused with these texts.
expect() {
    name=$1
    shift
    if sh "$here/compare.sh" "$folder/$name" >"$folder/$name.out" 2>&1; then fail "$name: the change was not seen"; fi
    for text in "$@"; do
        grep -qF "$text" "$folder/$name.out" && continue
        cat "$folder/$name.out"
        fail "$name: the text lacks: $text"
    done
}
copy() {
    mkdir "$folder/$1"
    cp -R "$headers/carillon" "$folder/$1"
}

copy changed
sed -i 's/^    virtual ~SyncTask() = default;$/&\n    virtual void before() {}/' "$folder/changed/carillon/SyncTask.h"
printf '%s\n' 'namespace carillon { struct Novelty { virtual ~Novelty() = default; virtual bool isNew() = 0; }; }' \
    >>"$folder/changed/carillon/SyncTask.h"
expect changed '  + virtual 2: void before()' 'carillon::Novelty is new.' 'raise CARILLON_SDK_VERSION'

copy version
sed -i 's/^#define CARILLON_SDK_VERSION .*/#define CARILLON_SDK_VERSION 1000/' "$folder/version/carillon/Plugin.h"
expect version 'The ABI of SDK 1000 was never recorded. Record it, and commit the file: sh tests/abi/record.sh'

# What a record can differ in, without a compiler.
version=$(sed -n 's/^#define CARILLON_SDK_VERSION //p' "$headers/carillon/Plugin.h")
record=$here/sdk-$version.txt
differ() {
    sed "$2" "$record" >"$folder/other.txt"
    status=0
    python3 "$here/border.py" --compare "$record" "$folder/other.txt" >"$folder/differ.out" || status=$?
    [ "$status" = "$1" ] || fail "after $2, the comparison ended with $status instead of $1"
}
differ 0 ''
differ 2 '$ a \\nclass carillon::Novelty: 8 bytes'
differ 1 's/^  Failed = 2$/  Failed = 4/'
differ 1 's/^  at 8: carillon::Message message$/  at 8: const char* message/'
differ 1 's/^class carillon::Check: 240 bytes$/class carillon::Check: 136 bytes/'
differ 1 '/^class carillon::Check:/,/^$/d'
