#!/bin/sh
# How fast and how small a synchronisation is, beside its floor: sh tests/bench/sync.sh [items [rounds]]
#
# Floor and carillon write the same rows into equal databases of one private MariaDB server (flushed at each commit),
# one after the other in each round; the medians are compared. Carillon is `carillon run`, from command to exit, on a host
# that is there already, as the floor is the `mariadb` client on a server that is. Resident memory counts
# shared pages in each process. Then what the last round cost: statements, round trips (of which those are, with each
# statement's preparation and each request to the gateway), bytes to and from the database, its flushes to the disk. Last
# come runs with nothing pending: from command to exit without a host, and in the resident worker of one.
set -eu

cd "$(dirname "$0")/../.."
root=$(pwd -P)
items=${1:-100000}
rounds=${2:-3}
build=${CARILLON_BUILD_DIR:-build}
sh host/packages.sh bench
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build "$build" --target carillon Passerelle carillon-test-gateway >&2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-bench.XXXXXX")
gateway_pid=
host_pid=
clean_up() {
    [ -z "$host_pid" ] || kill "$host_pid" 2>/dev/null || :
    [ -z "$gateway_pid" ] || kill "$gateway_pid" 2>/dev/null || :
    sh "$root/tests/support/mariadb.sh" stop "$scratch/mariadb"
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM
assignments=$(sh tests/support/mariadb.sh start "$scratch/mariadb")
eval "$assignments"

client() {
    mariadb --no-defaults --local-infile=1 --host=127.0.0.1 --port="$CARILLON_TEST_MYSQL_PORT" \
        --user="$CARILLON_TEST_MYSQL_USER" --password="$CARILLON_TEST_MYSQL_PASSWORD" --default-character-set=utf8mb4 "$@"
}
now_ms() { echo $(($(date +%s%N) / 1000000)); }
median() { sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
value() { client -N "$@"; }

"$build/tests/gateway/carillon-test-gateway" --db "$scratch/gateway.db" --key bench-key-0123456789 \
    --port-file "$scratch/port" >"$scratch/gateway.log" &
gateway_pid=$!
for _ in $(seq 100); do
    [ -s "$scratch/port" ] && break
    sleep 0.1
done
gateway=http://127.0.0.1:$(cat "$scratch/port")
backlog() {
    curl -sf -X POST "$gateway/control/reset" >/dev/null
    curl -sf -X POST "$gateway/control/backlog" \
        -d "{\"count\":$items,\"first\":0,\"refusals\":20,\"start\":\"2026-01-05 08:00:00\"}" >/dev/null
}

mkdir -p "$scratch/conf/jobs"
printf 'plugins.dir = %s\njobs.enabled = sync\nhttp.address =\nworkers.max = 1\n' \
    "$root/$build/lib/carillon/plugins" >"$scratch/conf/carillon.properties"
printf '%s' "$CARILLON_TEST_MYSQL_PASSWORD" >"$scratch/conf/jobs/password"
chmod 600 "$scratch/conf/jobs/password"
cat >"$scratch/conf/jobs/sync.properties" <<END
job.plugin = Passerelle
job.task = PasserelleSync
job.schedule = @yearly
task.database.host = 127.0.0.1
task.database.port = $CARILLON_TEST_MYSQL_PORT
task.database.name = bench
task.database.user = $CARILLON_TEST_MYSQL_USER
task.database.password.file = password
task.gateway.url = $gateway/agora/passerelle
task.gateway.key = bench-key-0123456789
END
chmod 640 "$scratch/conf/jobs/sync.properties"
carillon() { "$root/$build/bin/carillon" --config "$scratch/conf/carillon.properties" "$@"; }

fresh_database() {
    client -e 'DROP DATABASE IF EXISTS bench; CREATE DATABASE bench CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'
    client bench <schemas/agora/mysql/agora.sql
    { echo "SET @items = $items;" && cat tests/bench/fill.sql; } | client bench
    client bench <schemas/agora/mysql/002_inbox.sql
    # What filling left to write must not be written during what is measured.
    client -e 'SET GLOBAL innodb_max_dirty_pages_pct = 0' && sleep 2 && client -e 'SET GLOBAL innodb_max_dirty_pages_pct = 90'
}
rows() { # what must be equal
    value bench -e "SELECT COUNT(*), SUM(CRC32(CONCAT_WS('|', campaign_id, user_id, action, commentaire, validated_at)))
        FROM validations; SELECT statut, COUNT(*) FROM campaigns GROUP BY statut; SELECT action, COUNT(*) FROM campaign_logs
        GROUP BY action; SELECT COUNT(used_at) FROM validation_tokens; SELECT COUNT(*) FROM passerelle_inbox"
}

usage() { # file: what database and gateway have done so far
    {
        value -e "SHOW GLOBAL STATUS WHERE Variable_name IN ('Connections', 'Questions', 'Com_stmt_prepare', 'Bytes_received',
            'Bytes_sent', 'Innodb_os_log_fsyncs', 'Innodb_data_fsyncs')"
        printf 'requests\t'
        curl -sf "$gateway/control/state" | sed 's/.*"requests":{\([^}]*\)}.*/\1/' | tr ',' '\n' |
            awk -F : '{n += $2} END {print n}'
    } >"$1"
}
# Of one item, or of one run, between two usages. The end of a session counts as a question and is none; the second
# usage's own question is taken off.
costs() { # items file file
    join -t '	' "$2" "$3" | awk -F '\t' -v items="$1" '{n[$1] = $3 - $2} END {
        n["Questions"] -= n["Connections"] + 1
        printf "%.4g statements, %.4g round trips, %.4g requests to the gateway, ", n["Questions"] / items,
            (n["Questions"] + n["Com_stmt_prepare"] + n["requests"]) / items, n["requests"] / items
        printf "%.0f bytes to and %.0f from the database, %.4g flushes\n", n["Bytes_received"] / items,
            n["Bytes_sent"] / items, (n["Innodb_os_log_fsyncs"] + n["Innodb_data_fsyncs"]) / items}'
}

peak_kb() { # pid...: what these had resident at most until now
    for one; do awk '/VmHWM/ {print $2}' "/proc/$one/status" 2>/dev/null || :; done | awk '{n += $1} END {print n}'
}
workers() { cat "/proc/$host_pid/task"/*/children; }
worker_ticks() { # the processor's time, that of threads that have ended too
    for one in $(workers); do cat "/proc/$one/stat"; done |
        awk '{n += $14 + $15} END {print n + 0}'
}
start_host() {
    "$root/$build/bin/carillon" --config "$scratch/conf/carillon.properties" serve >"$scratch/host.log" 2>&1 &
    host_pid=$!
    until carillon status >/dev/null 2>&1; do
        kill -0 "$host_pid" || { cat "$scratch/host.log" >&2; exit 1; }
        sleep 0.1
    done
}
stop_host() {
    kill "$host_pid"
    wait "$host_pid" || :
    host_pid=
}

backlog
sqlite3 -separator '	' "$scratch/gateway.db" "SELECT id, token, action, ifnull(commentaire, ''), validated_at,
    replace(json_object('id', id, 'token', token, 'campaign_id', 0, 'user_id', 0, 'action', action,
    'commentaire', commentaire, 'validated_at', validated_at), '\\', '\\\\') FROM validation ORDER BY id" >"$scratch/items.tsv"

: >"$scratch/floor" && : >"$scratch/ours" && : >"$scratch/memory"
for _ in $(seq "$rounds"); do
    fresh_database
    started=$(now_ms)
    (cd "$scratch" && client bench <"$root/tests/bench/floor.sql")
    echo $(($(now_ms) - started)) >>"$scratch/floor"
    rows >"$scratch/rows.floor"

    fresh_database
    curl -sf -X POST "$gateway/control/reset" >/dev/null
    start_host
    # The plugin's own tables stand already in the floor's database, and in a host that runs for long its library is loaded.
    carillon run sync >/dev/null
    backlog
    usage "$scratch/before"
    started=$(now_ms)
    carillon run sync >"$scratch/report"
    echo $(($(now_ms) - started)) >>"$scratch/ours"
    usage "$scratch/after"
    # shellcheck disable=SC2046 # the ids are words
    echo "$(peak_kb $(workers)) $(peak_kb "$host_pid")" >>"$scratch/memory"
    stop_host
    rows >"$scratch/rows.ours"
    cmp "$scratch/rows.floor" "$scratch/rows.ours" || { echo 'the rows differ' >&2; exit 1; }
done
cat "$scratch/report"
floor=$(median <"$scratch/floor") ours=$(median <"$scratch/ours") memory=$(sort -n "$scratch/memory" | tail -1)
worker=${memory% *} host=${memory#* }
echo "$items validations, median of $rounds: floor $floor ms, carillon $ours ms: $((items * 1000 / ours)) a second," \
    "$(awk "BEGIN {printf \"%.2f\", $floor / $ours}") of the floor; at most $((worker / 1024)) MB resident in the worker, $((host / 1024)) in the host"

echo "cost of one validation: $(costs "$items" "$scratch/before" "$scratch/after")"

hyperfine -N --warmup 5 --runs 200 --export-json "$scratch/idle.json" \
    "$root/$build/bin/carillon --config $scratch/conf/carillon.properties run sync" >/dev/null 2>&1
echo "nothing pending, from command to exit: median of 200: $(sed -n 's/.*"median": \([0-9.]*\).*/\1/p' "$scratch/idle.json" |
    head -1 | awk '{printf "%.1f", $1 * 1000}') ms"

idle_runs=500
start_host
for _ in $(seq 20); do carillon run sync >/dev/null; done
usage "$scratch/before"
begun=$(worker_ticks)
for _ in $(seq "$idle_runs"); do carillon run sync >/dev/null; done
ended=$(worker_ticks)
usage "$scratch/after"
echo "nothing pending, in a resident worker, mean of $idle_runs: $(awk -v n=$((ended - begun)) -v runs="$idle_runs" \
    -v hertz="$(getconf CLK_TCK)" 'BEGIN {printf "%.2f", n * 1000 / hertz / runs}') ms of a processor," \
    "$(costs "$idle_runs" "$scratch/before" "$scratch/after")"
stop_host
