# shellcheck shell=sh
# Somebody's first plugin for Windows: written by the program, built with nothing but carillon-dev, and run.

development=$(ls "$build"/windows/carillon-dev-[0-9]*-windows.zip 2>/dev/null) || fail 'there is no carillon-dev'
unzip -q "$development" -d "$scratch"
kit=$scratch/$(basename "$development" .zip)

carillon windows init --plugin Greeter 'C:\greeter'
[ "$code" = 0 ] || fail "init: $(said)"
[ -f "$drive/greeter/Greeter.cpp" ] || fail "init wrote no plugin: $(said)"
{
    cmake -S "$drive/greeter" -B "$scratch/greeter" -G Ninja -DCMAKE_TOOLCHAIN_FILE="$kit/mingw.cmake" -DBUILD_TESTING=OFF &&
        cmake --build "$scratch/greeter"
} >"$scratch/build.log" 2>&1 || fail "it is not built: $(tail -n 30 "$scratch/build.log")"
if grep -q "$root" "$scratch/greeter/CMakeCache.txt" && ! grep -q "^CMAKE_HOME_DIRECTORY.*$root" "$scratch/greeter/CMakeCache.txt"; then
    fail 'the build of the plugin uses this tree'
fi
library=$scratch/greeter/lib/carillon/plugins/libGreeter.dll
for flag in DYNAMIC_BASE NX_COMPAT; do
    x86_64-w64-mingw32-objdump -p "$library" | grep -q "^[[:space:]]*$flag\$" || fail "the plugin lacks $flag"
done
cp "$library" "$drive/Program Files/Carillon/lib/carillon/plugins"

configuration windows </dev/null
job windows greeter <"$drive/greeter/jobs/greeter.properties"
must 0 windows plugins
says 'Greeter'
must 0 windows run greeter
says 'greeter succeeded: hello, world'
