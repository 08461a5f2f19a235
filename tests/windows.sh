#!/bin/sh
# Carillon for Windows, as host/windows.sh makes it, under Wine: sh tests/windows.sh [build | PART...]
#
# Without an argument it builds what it needs and runs all parts; with `build` it only builds, with PARTs it runs those on
# what was built. A part is a script of windows/parts, and a test of CTest (windows_PART). Nothing of this machine's own
# Wine is used: each part has a prefix, a gateway and servers of its own, in a scratch folder below the build folder.
#
#   sh tests/windows.sh wanted   whether tests/run.sh builds and runs them: the libraries for Windows are there, or
#                                CARILLON_WINDOWS=1 asks for them; CARILLON_WINDOWS=0 says no
#   CARILLON_BUILD_DIR           the build folder of the native program (build); that for Windows is windows/ in it
set -eu
umask 022

cd "$(dirname "$0")/.."
root=$(pwd -P)
build=${CARILLON_BUILD_DIR:-build}
case $build in /*) ;; *) build=$root/$build ;; esac

# Whether the libraries are in the cache: to build them takes a quarter of an hour.
wanted() {
    case ${CARILLON_WINDOWS:-} in
    1) return 0 ;;
    0) return 1 ;;
    esac
    command -v x86_64-w64-mingw32-g++-posix >/dev/null || return 1
    # shellcheck source=host/windows/dependencies.sh
    . host/windows/dependencies.sh
    [ -f "$(dependencies_folder)/complete" ]
}

# The archives, and beside them what the tests need of this tree: plugins that make trouble, programs of tests. Of the
# native build nothing but what is missing is made: it is another's to configure.
build_all() {
    sh host/packages.sh windows-test
    [ -f "$build/CMakeCache.txt" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
    cmake --build "$build" --target carillon Passerelle carillon-test-gateway
    CARILLON_BUILD_DIR=$build sh host/windows.sh
    cmake -S . -B "$build/windows" -DBUILD_TESTING=ON >/dev/null
    cmake --build "$build/windows"
}

run_part() { # name
    part=$1
    [ -f "tests/windows/parts/$part.sh" ] || {
        echo "windows.sh: error: there is no part $part; the parts: $(parts | tr '\n' ' ')" >&2
        exit 2
    }
    # Each in a shell of its own: a function or a trap of one is none of the next.
    (
        # shellcheck source=tests/windows/world.sh
        . tests/windows/world.sh
        enter
        # shellcheck source=/dev/null
        . "tests/windows/parts/$part.sh"
        echo "$part: all as it must be"
    )
}

parts() {
    for file in tests/windows/parts/*.sh; do basename "$file" .sh; done
}

case ${1:-} in
wanted) wanted ;;
build) build_all ;;
'')
    build_all
    for part in $(parts); do run_part "$part"; done
    ;;
*) for part in "$@"; do run_part "$part"; done ;;
esac
