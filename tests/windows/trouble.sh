# shellcheck shell=sh
# The plugin Troublemaker of tests/plugins on the machine of world.sh, and jobs of it.

install_troublemaker() {
    library=$build/windows/tests/plugins/troublemaker/libTroublemaker.dll
    [ -f "$library" ] || fail "$library is not built"
    cp "$library" "$drive/Program Files/Carillon/lib/carillon/plugins"
    chmod 644 "$drive/Program Files/Carillon/lib/carillon/plugins/libTroublemaker.dll"
}

trouble_job() { # name what-it-does; further keys on the standard input
    { printf 'job.plugin = Troublemaker\njob.task = Troublemaker\ntask.run = %s\n' "$2" && cat; } | job windows "$1"
}

# The host in the foreground, until it answers: its id, that of Linux, in `host`.
serve() {
    wine "$program" --config 'C:\ProgramData\Carillon\carillon.properties' serve >"$scratch/serve.out" 2>"$scratch/serve.err" \
        </dev/null &
    host=$!
    pids="$pids $host"
    until_true 30 host_answers || fail "the host does not start: $(cat "$scratch/serve.out" "$scratch/serve.err")"
}

host_answers() {
    carillon windows status
    grep -Eq ' is (ready|degraded) since ' "$scratch/out"
}

# Else the machine goes off with its last program and starts anew with the next, and a service with it.
stay_on() {
    wine ping -n 3600 127.0.0.1 >"$scratch/ping.log" 2>&1 </dev/null &
    pids="$pids $!"
}

# Processes of Linux that run this program of the machine; each prefix has a wineserver of its own, whose children
# they are not: so they are known by the prefix in their environment.
processes() { # extended regular expression of the command line
    for entry in /proc/[0-9]*; do
        { tr '\0' '\n' <"$entry/environ" | grep -Fqx "WINEPREFIX=$WINEPREFIX"; } 2>/dev/null || continue
        { tr '\0' ' ' <"$entry/cmdline" | grep -Eq -e "$1"; } 2>/dev/null || continue
        echo "${entry#/proc/}"
    done
}
