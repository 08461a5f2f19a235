#!/bin/sh
# Somebody's first plugin: written by `carillon init --plugin`, built against the installed tree, tested, installed, run.
#
#   new-plugin.sh BUILD_FOLDER CXX SANITIZERS
set -eu

build=$1
compiler=$2
sanitizers=$3
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
prefix=$folder/prefix
umask 022

fail() {
    echo "new-plugin.sh: error: $*" >&2
    exit 1
}

# What a step says is shown when it fails.
step() {
    "$@" >"$folder/step.log" 2>&1 || {
        cat "$folder/step.log"
        fail "failed: $*"
    }
}

step cmake --install "$build" --prefix "$prefix"
PATH=$prefix/bin:$PATH # where CMake looks for packages, too
export CXX="$compiler" CXXFLAGS="${sanitizers:+-fsanitize=$sanitizers} -Werror"
cd "$folder"

step carillon init --plugin Greeter greeter
step cmake -S greeter -B greeter/build -DCARILLON_SANITIZE="$sanitizers"
step cmake --build greeter/build
step ctest --test-dir greeter/build --output-on-failure --no-tests=error
[ -z "$(grep -ri newplugin greeter --include='*' --exclude-dir=build || grep -ri new-plugin greeter --exclude-dir=build)" ] ||
    fail "the project still has the names of its template"
for case in startsWithItsConfiguration refusesAnUnknownKey stopsWhenAsked concealsItsSecrets leavesNoThreadBehind \
    survivesEachCallTwice checkAndPreviewWriteNothing greetsByName; do
    nm --demangle greeter/build/GreeterTest | grep -q "$case" || fail "the test lacks $case"
done

step cmake --install greeter/build --prefix "$prefix"
step carillon init conf
cp greeter/jobs/greeter.properties conf/jobs/
answer=$(carillon --config conf/carillon.properties run greeter) || fail "the run failed: $answer"
case $answer in
"greeter succeeded: hello, world, "*) ;;
*) fail "the run said: $answer" ;;
esac

# The tests are no ornament: a task that forgets its configuration fails them.
sed -i 's/config.text("name", "world")/"world"/' greeter/Greeter.cpp
step cmake --build greeter/build
if ctest --test-dir greeter/build >"$folder/broken.log" 2>&1; then fail "a broken task passes its tests"; fi

# Texts may be written later.
mkdir -p greeter/texts
echo 'task.Greeter.run = Greet now' >greeter/texts/en.properties
step cmake --build greeter/build
[ -n "$(find greeter/build -name Greeter.en.properties)" ] || fail "texts that are written later are left out"
