# shellcheck shell=sh
# The unit tests that can be built for Windows, where Windows runs them: beside the program's libraries.

bin="$drive/Program Files/Carillon/bin"
TZDIR='C:\Program Files\Carillon\share\zoneinfo' && export TZDIR
for name in unit passerelle_unit; do
    cp "$build/windows/tests/windows/$name.exe" "$bin" || fail "$name.exe is not built"
    code=0
    timeout 150 wine "C:\\Program Files\\Carillon\\bin\\$name.exe" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
    [ "$code" = 0 ] || fail "$name returned $code: $(grep -A 3 '^FAIL' "$scratch/out"; said)"
    ran=$(sed -n 's/^\([0-9]*\) run, 0 failed.*/\1/p' "$scratch/out")
    [ "${ran:-0}" -ge 30 ] || fail "few tests of $name: $(said)"
    echo "$name: $(tail -n 1 "$scratch/out")"
done
