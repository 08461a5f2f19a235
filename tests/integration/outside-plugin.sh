#!/bin/sh
# Installs the built tree, builds a plugin against nothing but what was installed, and runs it.
#
#   outside-plugin.sh BUILD_FOLDER CMAKE CXX SANITIZERS
set -eu

build=$1
cmake=$2
compiler=$3
sanitizers=$4
sources=$(cd "$(dirname "$0")" && pwd)/outside-plugin
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
    lib/cmake/Carillon/CarillonConfig.cmake lib/cmake/Carillon/CarillonHardening.cmake \
    lib/cmake/Carillon/CarillonPlugin.cmake; do
    [ -f "$prefix/$file" ] || fail "$file is not installed"
done
[ "$(LC_ALL=C ls "$prefix/lib/carillon/plugins" | tr "\n" " ")" = "Passerelle.en.properties Passerelle.fr.properties libPasserelle.so " ] ||
    fail "the folder of plugins has something else than Passerelle and its texts"
[ -z "$(find "$prefix" -name 'HostConfig.h' -o -name '*.a')" ] || fail "parts of the host are installed"
if grep -rlE -e "$build|ccache|-W(all|extra)|-fsanitize" "$prefix/lib/cmake" "$prefix/include"; then
    fail "the files above leak the build into the plugins of others"
fi

# The plugin must be of the same kind as the host.
flags=${sanitizers:+-fsanitize=$sanitizers}

# build FOLDER OPTION...
build() {
    place=$folder/$1
    shift
    "$cmake" -S "$sources" -B "$place" -DCMAKE_PREFIX_PATH="$prefix" -DCMAKE_CXX_COMPILER="$compiler" \
        -DCMAKE_CXX_FLAGS="$flags" -DCARILLON_SANITIZE="$sanitizers" -DCARILLON_TEST_HEADERS="$prefix/include" "$@" \
        >"$place.log" 2>&1 && "$cmake" --build "$place" >>"$place.log" 2>&1 || {
        cat "$place.log"
        fail "the plugin, or a header alone, does not compile in $place"
    }
}
# Of Poco the SDK needs Foundation alone.
build build -DCMAKE_DISABLE_FIND_PACKAGE_PocoData=ON
build data -DCARILLON_TEST_DATA=ON
if readelf --dynamic "$folder/build/lib/carillon/plugins/libGreeter.so" | grep 'NEEDED.*Poco' | grep -v Foundation; then
    fail "the plugin needs the library above"
fi
if "$cmake" --build "$folder/build" --target intruder >"$folder/intruder.log" 2>&1; then
    fail "a plugin can include a header of the host"
fi
grep -q 'config/HostConfig.h: No such file' "$folder/intruder.log" || {
    cat "$folder/intruder.log"
    fail "the intruder was stopped by something else"
}
if grep -e ccache -e '-Wextra.*Greeter' "$folder/build/compile_commands.json"; then
    fail "the lines above use what is this project's own"
fi

if [ -z "$sanitizers" ]; then
    grep -q -e '-fstack-protector-strong.*Greeter' "$folder/build/compile_commands.json" ||
        fail "the plugin does not guard its stack"
    readelf --dynamic "$folder/build/lib/carillon/plugins/libGreeter.so" | grep -q 'NOW' ||
        fail "the plugin resolves symbols late"
fi

cp "$folder/build/lib/carillon/plugins/libGreeter.so" "$prefix/lib/carillon/plugins/"
mkdir -p "$folder/conf/jobs"
: >"$folder/conf/carillon.properties"
printf '%s\n' 'job.plugin = Greeter' 'job.task = Greeter' 'task.name = Agora' >"$folder/conf/jobs/greet.properties"
carillon() {
    "$prefix/bin/carillon" --config "$folder/conf/carillon.properties" "$@"
}
carillon plugins || fail "a plugin is refused"
carillon validate || fail "the configuration is refused"
answer=$(carillon run greet) || fail "the run failed: $answer"
case $answer in
"greet succeeded: hello, Agora, "*) ;;
*) fail "the run said: $answer" ;;
esac
grep -q ' greeting.sent to=Agora$' "$folder/conf/logs/greet.log" || fail "the log lacks the task's line"
