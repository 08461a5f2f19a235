# shellcheck shell=sh
# The unit tests that can be built for Windows, where Windows runs them: beside the program's libraries.

# What Windows, or Wine, has otherwise: a file in use cannot be replaced; the number of the error is POSIX's; the text
# names the folder of zones of Linux; symbolic links, which Wine cannot make; a path with both separators.
left_out='ScheduleStoreTest::probeTellsAReplacedFileOnce
TextFileTest::whatCannotBeReadHasItsReason
TimeZoneTest::unknownNamesAreRefusedWithTheNearest
TimeZoneTest::theVariableNamesTheDatabase
TimeZoneTest::aFileThatCountsLeapSecondsIsRefusedWithTheWayOut'

bin="$drive/Program Files/Carillon/bin"
TZDIR='C:\Program Files\Carillon\share\zoneinfo' && export TZDIR

tests_of() { # program argument...
    name=$1
    shift
    code=0
    timeout 150 wine "C:\\Program Files\\Carillon\\bin\\$name.exe" "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}

printf '%s\n' "$left_out" >"$scratch/left-out"
: >"$scratch/all"
for name in unit passerelle_unit; do
    cp "$build/windows/tests/windows/$name.exe" "$bin" || fail "$name.exe is not built"
    tests_of $name --list
    tr -d '\r' <"$scratch/out" >>"$scratch/all"
    # shellcheck disable=SC2046 # the names are words
    tests_of $name $(tr -d '\r' <"$scratch/out" | grep -Fvx -f "$scratch/left-out")
    [ "$code" = 0 ] || fail "$name returned $code: $(grep -A 3 '^FAIL' "$scratch/out"; said)"
    ran=$(tr -d '\r' <"$scratch/out" | sed -n 's/^\([0-9]*\) run, 0 failed, 0 skipped$/\1/p')
    [ "${ran:-0}" -ge 30 ] || fail "few tests of $name: $(said)"
    echo "$name: $ran tests"
done
same 'what is left out are tests that there are' "$(sort "$scratch/left-out")" \
    "$(sort "$scratch/all" | grep -Fx -f "$scratch/left-out")"
