# shellcheck shell=sh
# What the benches of the scheduler share. Sourced in the root of the sources.
#
# CARILLON_BENCH_ONLY=carillon measures no peers, =peers nothing but them. All of it runs on this machine, in UTC, in a
# scratch folder that is removed.

. host/packages.sh
install_packages bench

root=$(pwd -P)
build=${CARILLON_BUILD_DIR:-build}
case $build in /*) ;; *) build=$root/$build ;; esac
peer_dir=$build/bench-peers
cron_dir=$build/bench-crons
java_jars=/usr/share/java/quartz2.jar:/usr/share/java/slf4j-api.jar:/usr/share/java/slf4j-nop.jar
unset LC_ALL GOFLAGS
export TZ=UTC LC_NUMERIC=C

scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-bench.XXXXXX")
pids=
# Sets $! to the process that will do it; ending that one is to think better of it.
after() { # seconds command...
    (
        nap=
        trap '[ -z "$nap" ] || kill "$nap" 2>/dev/null; exit' TERM
        sleep "$1" &
        nap=$!
        shift
        wait "$nap" && "$@"
    ) >/dev/null &
}
clean_up() {
    if [ -n "$pids" ]; then
        # shellcheck disable=SC2086 # the ids are words
        kill $pids 2>/dev/null || :
        # shellcheck disable=SC2086
        after 10 kill -KILL $pids 2>/dev/null
        killer=$!
        # shellcheck disable=SC2086
        wait $pids 2>/dev/null || :
        kill "$killer" 2>/dev/null || :
    fi
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM

fail() { # text
    echo "${0##*/}: error: $1" >&2
    exit 1
}
# What runs beside the script is noted in `pids`, never in a subshell, and taken out when it has ended: nothing of it is
# left behind, and no other process that gets the same id later is ended.
noted() { # pid
    pids="$pids $1"
}
ended() { # pid: waits for it, and returns as it did
    result=0
    wait "$1" 2>/dev/null || result=$?
    left=
    for one in $pids; do [ "$one" = "$1" ] || left="$left $one"; done
    pids=$left
    return "$result"
}
stop() { # pid
    kill "$1" 2>/dev/null || :
    after 60 kill -KILL "$1"
    killer=$!
    code=0
    ended "$1" || code=$?
    kill "$killer" 2>/dev/null || :
    [ "$code" != 137 ] || fail 'what was measured did not end within 60 s of SIGTERM'
}
give_up() { # seconds
    echo "${0##*/}: error: not done after $1 s" >&2
    kill -TERM $$
}
give_up_after() { # seconds
    after "$1" give_up "$1"
    noted $!
}

now_ns() { date +%s%N; }
ms_since() { awk -v a="$1" -v b="$(now_ns)" 'BEGIN {printf "%.1f\n", (b - a) / 1e6}'; }
median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
# Numbers -> how many, median, p99 (the nearest rank), most.
spread() {
    sort -n | awk '{v[NR] = $1} END {
        if (NR == 0) { print "0\t-\t-\t-"; exit }
        rank = int(NR * 0.99); if (rank < NR * 0.99) rank++
        printf "%d\t%.2f\t%.2f\t%.2f\n", NR, v[int((NR + 1) / 2)], v[rank], v[NR]}'
}
# Lines of fields parted by tabs, the first one the heads -> a table in Markdown.
table() {
    awk -F '\t' '{for (i = 1; i <= NF; i++) {cell[NR, i] = $i; if (length($i) > width[i]) width[i] = length($i)}}
        END {for (r = 1; r <= NR; r++) {
                line = sprintf("| %-*s |", width[1], cell[r, 1])
                for (i = 2; i <= NF; i++) line = line sprintf(" %*s |", width[i], cell[r, i])
                print line
                if (r > 1) continue
                for (i = 1; i <= NF; i++) {
                    rule = ""
                    while (length(rule) < width[i]) rule = rule "-"
                    printf "| %s%s", i == 1 ? rule : substr(rule, 2) ":", i == NF ? " |\n" : " "}}}'
}
# The same lines with one field more: how often the value of `field` in the first line of Carillon goes into it.
with_ratio() { # field
    awk -F '\t' -v OFS='\t' -v field="$1" '{line[NR] = $0; value[NR] = $field}
        ours == "" && $1 ~ /^Carillon/ && $field > 0 {ours = $field}
        END {for (r = 1; r <= NR; r++) print line[r], r == 1 ? "ratio" : \
            ours == "" || value[r] !~ /^[0-9.]+$/ ? "-" : sprintf("%.2f", value[r] / ours)}'
}
about() { # what stands above each table
    echo "$1"
    echo "$(date -u +%Y-%m-%dT%H:%MZ), $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1))," \
        "load average at the start $(cut -d ' ' -f 1 /proc/loadavg)"
}

measures() { # carillon | peers
    [ -z "${CARILLON_BENCH_ONLY:-}" ] || [ "$CARILLON_BENCH_ONLY" = "$1" ]
}
build_peers() {
    mkdir -p "$peer_dir"
    cp "$root"/tests/bench/peers/*.mjs "$root"/tests/bench/peers/*.py "$peer_dir"
    if ! cmp -s "$root/tests/bench/peers/package-lock.json" "$peer_dir/package-lock.json"; then
        cp "$root"/tests/bench/peers/package*.json "$peer_dir"
        (cd "$peer_dir" && npm ci --silent >&2) || { rm -f "$peer_dir/package-lock.json" && fail 'npm ci failed'; }
    fi
    GO111MODULE=off GOPATH=/usr/share/gocode go build -o "$peer_dir/robfig" tests/bench/peers/robfig.go
    javac -cp "$java_jars" -d "$peer_dir/java" tests/bench/peers/QuartzPeer.java
}
# Whether the cron daemons can be measured here.
unpack_crons() {
    if [ "$(id -u)" != 0 ]; then
        echo "${0##*/}: warning: busybox crond, bcron and cron are left out: they need root" >&2
        return 1
    fi
    # shellcheck disable=SC2086 # the list is words
    unpack_packages "$cron_dir" $cron_packages
}
# Becomes the peer, so that the process's id is the peer's.
peer() { # name argument...
    name=$1
    shift
    case $name in
    robfig) exec "$peer_dir/robfig" "$@" ;;
    APScheduler) exec /usr/bin/python3 "$peer_dir/apscheduler_peer.py" "$@" ;;
    croniter) exec /usr/bin/python3 "$peer_dir/croniter_peer.py" "$@" ;;
    Quartz) exec java -cp "$peer_dir/java:$java_jars" QuartzPeer "$@" ;;
    *) exec node ${heap_mb:+"--max-old-space-size=$heap_mb"} "$peer_dir/$name.mjs" "$@" ;;
    esac
}
with_version() { # name
    debian() { dpkg-query --show --showformat='${source:Upstream-Version}' "$1"; }
    unpacked() { dpkg-deb --field "$cron_dir/$1"_*.deb Version | sed 's/.*://; s/-.*//'; }
    case $1 in
    robfig) echo "robfig/cron $(debian golang-github-robfig-cron-dev), $(go env GOVERSION)" ;;
    APScheduler) echo "APScheduler $(debian python3-apscheduler), $(/usr/bin/python3 --version)" ;;
    croniter) echo "croniter $(debian python3-croniter), $(/usr/bin/python3 --version)" ;;
    Quartz) echo "Quartz $(debian libquartz2-java), $(java --version | head -1 | cut -d ' ' -f 1,2)" ;;
    busybox) echo "busybox crond $(unpacked busybox-static)" ;;
    bcron | cron) echo "$1 $(unpacked "$1")" ;;
    *) echo "$1 $(node -p "require('$peer_dir/node_modules/$1/package.json').version"), Node $(node --version)" ;;
    esac
}

# Starts a command and waits for a line of it that contains the text: sets pid, and took to the milliseconds.
start_until() { # text command...
    awaited=$1
    shift
    rm -f "$scratch/said" && mkfifo "$scratch/said"
    : >"$scratch/log"
    begun=$(now_ns)
    "$@" >"$scratch/said" 2>&1 &
    pid=$!
    noted "$pid"
    exec 3<"$scratch/said"
    took=
    while IFS= read -r line <&3; do
        case $line in *"$awaited"*)
            took=$(ms_since "$begun")
            break
            ;;
        esac
        printf '%s\n' "$line" >>"$scratch/log"
    done
    [ -n "$took" ] || fail "$* ended without '$awaited'; it said: $(tail -5 "$scratch/log")"
    cat <&3 >>"$scratch/log" &
    exec 3<&-
}
# Starts a cron daemon, which never says that it is ready: ready is when it has slept for 50 ms. Sets pid and took.
start_cron() { # name crontab
    sh tests/bench/peers/cron.sh prepare "$2" "$scratch/cron"
    begun=$(now_ns)
    sh tests/bench/peers/cron.sh run "$1" "$cron_dir" "$scratch/cron" >"$scratch/log" 2>&1 &
    pid=$!
    noted "$pid"
    busy=-1 took=0 same=0
    while [ "$same" -lt 5 ]; do
        kill -0 "$pid" 2>/dev/null || fail "$1 ended; it said: $(tail -5 "$scratch/log")"
        busy_now=$(cpu_ns "$pid")
        if [ "$busy_now" = "$busy" ]; then same=$((same + 1)); else same=0 took=$(ms_since "$begun") busy=$busy_now; fi
        sleep 0.01
    done
}

family() { # pid: it and what it started
    echo "$1"
    # shellcheck disable=SC2013 # the ids are words
    for child in $(cat "/proc/$1/task"/*/children 2>/dev/null); do family "$child"; done
}
cpu_ns() { # pid: what it and its children took of the processors, by those threads that still are
    for one in $(family "$1"); do cat "/proc/$one/task"/*/schedstat 2>/dev/null || :; done |
        awk '{n += $1} END {printf "%.0f\n", n}'
}
resident_mb() { # pid
    awk '/^VmRSS:/ {printf "%.1f\n", $2 / 1024}' "/proc/$1/status"
}
family_mb() { # pid: with its children, pages that they share counted for each
    for one in $(family "$1"); do resident_mb "$one"; done | awk '{n += $1} END {printf "%.1f\n", n}'
}

build_carillon() {
    cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo -DBUILD_TESTING=ON >/dev/null
    cmake --build "$build" --target carillon "$@" >&2
}
# A configuration folder of Carillon whose only job is `job`, with more keys of it from the standard input.
host_folder() { # folder isolation schedule
    mkdir -p "$1/jobs"
    cat >"$1/carillon.properties" <<END
plugins.dir = $build/tests/bench/plugins
state.dir = $1/state
logs.dir = $1/logs
jobs.enabled = job
http.address =
END
    {
        printf 'job.plugin = Stopwatch\njob.task = Stopwatch\njob.timezone = UTC\n'
        printf 'job.isolation = %s\njob.schedule = %s\n' "$2" "$3"
        cat
    } >"$1/jobs/job.properties"
}
start_host() { # folder: sets pid and took
    start_until host.ready "$build/bin/carillon" --config "$1/carillon.properties" serve
}
