#!/bin/sh
# Carillon for Windows, built on Debian 12 from nothing:
#
#   sh host/windows.sh                 libraries, Carillon, and the archives that go to Windows
#   sh host/windows.sh dependencies    the libraries only, and prints their folder
#
# Installs what is missing and says so. The libraries are built once, from Debian's sources, and kept: see
# windows/dependencies.sh. Everything else is made in windows/ of the build folder, that is build, or the one that
# CARILLON_BUILD_DIR names:
#
#   build/windows/carillon-VERSION-windows.zip, carillon-dev-VERSION-windows.zip
set -eu
umask 022

usage() {
    echo 'usage: sh host/windows.sh [dependencies]' >&2
    exit 2
}

[ $# -le 1 ] || usage
case ${1:-} in
'' | dependencies) ;;
*) usage ;;
esac

cd "$(dirname "$0")/.."
# shellcheck source=host/packages.sh
. host/packages.sh
# shellcheck source=host/windows/dependencies.sh
. host/windows/dependencies.sh
# shellcheck source=host/windows/package.sh
. host/windows/package.sh

install_packages windows
build_dependencies
if [ -n "${1:-}" ]; then
    echo "$dependencies"
    exit
fi

build=${CARILLON_BUILD_DIR:-build}/windows
mkdir -p "$build"
build=$(cd "$build" && pwd -P)
# Of an archive of the sources, as of its files.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || stat -c %Y CMakeLists.txt)}
export SOURCE_DATE_EPOCH

# A cache knows the flags and libraries of the folder that it was made with.
grep -sqF "=$dependencies/mingw.cmake" "$build/CMakeCache.txt" || rm -f "$build/CMakeCache.txt"
# Where it was built is no part of it.
cmake -S . -B "$build" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$dependencies/mingw.cmake" -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    -DCMAKE_CXX_FLAGS_RELWITHDEBINFO="-O2 -DNDEBUG -ffile-prefix-map=$build=. -ffile-prefix-map=$PWD=." \
    -DCARILLON_UNITY=ON -DBUILD_TESTING=OFF >"$build/configure.log" 2>&1 || {
    cat "$build/configure.log" >&2
    exit 1
}
cmake --build "$build"
version=$(sed -n 's/^CMAKE_PROJECT_VERSION:STATIC=//p' "$build/CMakeCache.txt")
package
mv "$build"/stage/*.zip "$build"
ls -l "$build"/*.zip
