#!/bin/sh
# Installs the built tree, and does with nothing but what was installed what the guide for writing plugins says.
#
#   outside-plugin.sh BUILD_FOLDER CMAKE CXX SANITIZERS
set -eu

build=$1
cmake=$2
compiler=$3
sanitizers=$4
here=$(cd "$(dirname "$0")" && pwd)
guide=$here/../../host/include/carillon/README.md
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/prefix
umask 022

fail() {
    echo "outside-plugin.sh: error: $*" >&2
    exit 1
}

"$cmake" --install "$build" --prefix "$prefix" >"$folder/install.log" || {
    cat "$folder/install.log"
    fail "cannot install $build: is it built?"
}

for file in bin/carillon lib/carillon/plugins/libPasserelle.so include/carillon/Plugin.h \
    include/carillon/testing/TaskTest.h lib/carillon/libcarillon_testing.a \
    lib/cmake/Carillon/CarillonConfig.cmake lib/cmake/Carillon/CarillonHardening.cmake \
    lib/cmake/Carillon/CarillonPlugin.cmake; do
    [ -f "$prefix/$file" ] || fail "$file is not installed"
done
[ "$(LC_ALL=C ls "$prefix/lib/carillon/plugins" | tr "\n" " ")" = "Passerelle.en.properties Passerelle.fr.properties libPasserelle.so " ] ||
    fail "the folder of plugins has something else than Passerelle and its texts"
[ -z "$(find "$prefix" -name 'HostConfig.h' -o -name '*.a' ! -name libcarillon_testing.a)" ] ||
    fail "parts of the host are installed"
if grep -rlE -e "$build|ccache|-W(all|extra)|-fsanitize" "$prefix/lib/cmake" "$prefix/include"; then
    fail "the files above leak the build into the plugins of others"
fi

# What is built must be of the same kind as the host.
flags=${sanitizers:+-fsanitize=$sanitizers}

# build FOLDER OPTION...
build() {
    place=$folder/$1
    shift
    "$cmake" -S "$here/outside-plugin" -B "$place" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$compiler" \
        -DCMAKE_CXX_FLAGS="$flags" -DCARILLON_TEST_HEADERS="$prefix/include" "$@" \
        >"$place.log" 2>&1 && "$cmake" --build "$place" >>"$place.log" 2>&1 || {
        cat "$place.log"
        fail "a header alone does not compile in $place"
    }
}
# Of Poco the SDK needs Foundation alone.
build build -DCMAKE_DISABLE_FIND_PACKAGE_PocoData=ON
build data -DCARILLON_TEST_DATA=ON
if "$cmake" --build "$folder/build" --target intruder >"$folder/intruder.log" 2>&1; then
    fail "a plugin can include a header of the host"
fi
grep -q 'config/HostConfig.h: No such file' "$folder/intruder.log" || {
    cat "$folder/intruder.log"
    fail "the intruder was stopped by something else"
}

# What the guide says, a sanitizer would need other words for; new-plugin.sh builds and runs a plugin with one.
[ -z "$sanitizers" ] || exit 0
mkdir "$folder/guide"
cd "$folder/guide"
PATH=$prefix/bin:$PATH PREFIX=$prefix CXX=$compiler CXXFLAGS="-Wall -Wextra -Werror" CMAKE_EXPORT_COMPILE_COMMANDS=ON \
    python3 "$here/outside-plugin/guide.py" "$guide" || exit 1
grep -q 'Deliver now' "$prefix/lib/carillon/plugins/Courier.en.properties" || fail "the texts are not installed"
grep -q ' letter.kept number=2$' conf/logs/courier.log || fail "the log lacks the task's line"
commands=courier/build/compile_commands.json
if grep -e ccache -e '-Wconversion' "$commands"; then fail "the lines above use what is this project's own"; fi
grep -q -e '-fstack-protector-strong.*Courier' "$commands" || fail "the plugin does not guard its stack"
readelf --dynamic "$prefix/lib/carillon/plugins/libCourier.so" | grep -q 'NOW' || fail "the plugin resolves symbols late"
if readelf --dynamic "$prefix/lib/carillon/plugins/libCourier.so" | grep 'NEEDED.*Poco' | grep -v Foundation; then
    fail "the plugin needs the library above"
fi
