# shellcheck shell=sh
# What the parts of windows.sh have: a machine with Windows, that is a prefix of Wine in which install.cmd has put
# Carillon in its place, beside a native Carillon to compare with. Sourced by windows.sh, which has set root, build and
# part; enter makes it, and it is removed when the shell ends.
#
# Both worlds, windows and native, have a configuration folder and an embedded Agora: agora.db in it. What Wine's first
# program prints goes to files, never into a pipe: its services would hold that pipe open.

scratch=
pids=
at_end=: # a command more
program='C:\Program Files\Carillon\bin\carillon.exe'

fail() { # text
    printf '%s: error: %s\n' "$part" "$*" >&2
    exit 1
}

enter() {
    export WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' LC_ALL=C.UTF-8
    unset DISPLAY WINEPATH WINEARCH CARILLON_CONFIG http_proxy https_proxy HTTPS_PROXY all_proxy ALL_PROXY
    zip=$(ls "$build"/windows/carillon-[0-9]*-windows.zip 2>/dev/null) || fail "$build/windows has no archive: is it built?"
    mkdir -p "$build/windows/tests"
    scratch=$(mktemp -d "$build/windows/tests/$part.XXXXXX")
    trap leave EXIT
    trap 'exit 130' HUP INT TERM
    machine=$build/windows/tests/machine
    (
        flock 9
        [ "$(cat "$machine/archive" 2>/dev/null)" = "$(sha256sum <"$zip")" ] || make_machine
    ) 9>"$machine.lock"
    copy_machine
    drive=$scratch/prefix/drive_c
    data=$drive/ProgramData/Carillon
    stay_up
}

# A machine's services live on between two commands; those of Wine end with its last program, and begin anew with the
# next one, what starts with the machine included. So there is always one that waits for a line.
stay_up() {
    mkfifo "$scratch/line"
    wine cmd /c 'set /p LINE=' <"$scratch/line" >"$scratch/stay.log" 2>&1 &
    pids="$pids $!"
    exec 8>"$scratch/line"
}

# Once for each archive: Wine takes its time for it.
make_machine() {
    rm -rf "$machine"
    WINEPREFIX=$machine.new && export WINEPREFIX
    rm -rf "$WINEPREFIX"
    wine wineboot --init >"$scratch/boot.log" 2>&1 </dev/null || fail "wineboot: $(cat "$scratch/boot.log")"
    unzip -q "$zip" -d "$WINEPREFIX/drive_c"
    unpacked=$(basename "$zip" .zip)
    wine cmd /c "C:\\$unpacked\\install.cmd" >"$scratch/install.log" 2>&1 </dev/null || fail "$(cat "$scratch/install.log")"
    wineserver -k || : # which says that there is none
    wineserver -w
    [ -f "$WINEPREFIX/drive_c/Program Files/Carillon/bin/carillon.exe" ] || fail "install.cmd has installed nothing"
    rm -rf "$WINEPREFIX/drive_c/${unpacked:?}"
    sha256sum <"$zip" >"$WINEPREFIX/archive"
    mv "$WINEPREFIX" "$machine"
}

# Wine's own files are linked, which nothing here writes to; the registry and the rest is copied.
copy_machine() {
    WINEPREFIX=$scratch/prefix && export WINEPREFIX
    mkdir -p "$WINEPREFIX/drive_c"
    cp -al "$machine/drive_c/windows" "$WINEPREFIX/drive_c"
    for item in "$machine"/drive_c/*; do
        [ "${item##*/}" = windows ] || cp -a "$item" "$WINEPREFIX/drive_c"
    done
    cp -a "$machine"/*.reg "$machine/.update-timestamp" "$machine/dosdevices" "$WINEPREFIX"
}

leave() {
    result=$?
    trap '' HUP INT TERM
    # shellcheck disable=SC2086 # the ids are words
    [ -z "$pids" ] || kill $pids 2>/dev/null || :
    wineserver -k 2>/dev/null || :
    wait
    $at_end || :
    if [ "$result" != 0 ] && [ -n "${CARILLON_TEST_KEEP:-}" ]; then
        echo "kept: $scratch" >&2
    else
        rm -rf "$scratch"
    fi
    exit "$result"
}

folder() { # world: its configuration folder, as this system names it
    case $1 in windows) echo "$data" ;; native) echo "$scratch/native" ;; esac
}

# Its exit code in `code`, what it said in $scratch/out and $scratch/err. 124: it was not done in 90 s.
carillon() { # world argument...
    world=$1
    shift
    code=0
    case $world in
    windows) timeout 90 wine "$program" --config 'C:\ProgramData\Carillon\carillon.properties' "$@" ;;
    native) "$build/bin/carillon" --config "$scratch/native/carillon.properties" "$@" ;;
    esac >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}

must() { # code world argument...
    wanted=$1
    shift
    carillon "$@"
    [ "$code" = "$wanted" ] || fail "carillon $* returned $code instead of $wanted: $(said)"
}

said() {
    cat "$scratch/out" "$scratch/err" | tail -n 20
}

says() { # extended regular expression
    grep -Eq -e "$1" "$scratch/out" "$scratch/err" || fail "$1 is not in what carillon said: $(said)"
}

holds() { # file extended regular expression
    grep -Eq -e "$2" "$1" || fail "$2 is not in ${1##*/}: $(tail -n 20 "$1")"
}

same() { # what expected found
    [ "$2" = "$3" ] || fail "$1: expected
$2
and found
$3"
}

# Three times as long on a machine that others use as well: it is only to end some day.
until_true() { # seconds command...
    tries=$(($1 * 30))
    shift
    while ! "$@"; do
        tries=$((tries - 1))
        [ $tries -gt 0 ] || return 1
        sleep 0.1
    done
}

# A line of a file of properties is what the program reads, so a secret in it must not be for others to read.
job() { # world name; its keys on the standard input
    cat >"$(folder "$1")/jobs/$2.properties"
    chmod 640 "$(folder "$1")/jobs/$2.properties"
}

configuration() { # world; further keys of carillon.properties on the standard input
    [ "$1" != native ] || mkdir -p "$scratch/native/jobs" "$scratch/native/plugins"
    if [ "$1" = windows ]; then mkdir -p "$data/jobs"; fi
    {
        if [ "$1" = native ]; then echo "plugins.dir = $build/lib/carillon/plugins"; fi
        cat
    } >"$(folder "$1")/carillon.properties"
}
