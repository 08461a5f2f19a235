#!/bin/sh
# What items cost a processor: sh tests/bench/items.sh [answers [rows]]
#
# Stores so many answers in one run, and then compares so many rows of the inbox with Agora's own
# (`carillon items --verify`): the time of a processor that carillon and the database took, whatever else the machine
# does. The database is one of a private MariaDB server. Then come runs with nothing pending, each of which compares a
# sample beside all those rows.
set -eu

cd "$(dirname "$0")/../.."
root=$(pwd -P)
answers=${1:-10000}
rows=${2:-1000000}
idle_runs=50
build=${CARILLON_BUILD_DIR:-build}
sh host/packages.sh bench
[ -f "$build/build.ninja" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo >/dev/null
cmake --build "$build" --target carillon Passerelle carillon-test-gateway >&2

scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-bench.XXXXXX")
gateway_pid=
clean_up() {
    [ -z "$gateway_pid" ] || kill "$gateway_pid" 2>/dev/null || :
    sh "$root/tests/support/mariadb.sh" stop "$scratch/mariadb"
    rm -rf "$scratch"
}
trap clean_up EXIT
trap 'exit 130' HUP INT TERM
assignments=$(sh tests/support/mariadb.sh start "$scratch/mariadb")
eval "$assignments"
client() {
    mariadb --no-defaults --host=127.0.0.1 --port="$CARILLON_TEST_MYSQL_PORT" --user="$CARILLON_TEST_MYSQL_USER" \
        --password="$CARILLON_TEST_MYSQL_PASSWORD" --default-character-set=utf8mb4 "$@"
}

"$build/tests/gateway/carillon-test-gateway" --db "$scratch/gateway.db" --key bench-key-0123456789 \
    --port-file "$scratch/port" >"$scratch/gateway.log" &
gateway_pid=$!
for _ in $(seq 100); do
    [ -s "$scratch/port" ] && break
    sleep 0.1
done
gateway=http://127.0.0.1:$(cat "$scratch/port")

mkdir -p "$scratch/conf/jobs"
printf 'plugins.dir = %s\njobs.enabled = sync\nhttp.address =\nworkers.max = 1\n' \
    "$(cd "$build/lib/carillon/plugins" && pwd -P)" >"$scratch/conf/carillon.properties"
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

ticks() { # of the commands so far, and of the database: in hundredths of a second
    server=$(awk '{print $14 + $15}' "/proc/$CARILLON_TEST_MYSQL_PID/stat")
    awk -v server="$server" '{own = $16 + $17} END {print own, server}' "/proc/$$/stat"
}
measured() { # what, times, command...
    what=$1 times=$2
    shift 2
    before=$(ticks)
    for _ in $(seq "$times"); do
        "$root/$build/bin/carillon" --config "$scratch/conf/carillon.properties" "$@" >"$scratch/said"
    done
    echo "$before $(ticks)" | awk -v what="$what" -v times="$times" -v hertz="$(getconf CLK_TCK)" \
        '{printf "%s: %.3f s of a processor in carillon, %.3f in the database\n", what, ($3 - $1) / hertz / times,
            ($4 - $2) / hertz / times}'
}

client -e 'CREATE DATABASE bench CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci'
client bench <schemas/agora/mysql/agora.sql
{ echo "SET @items = $answers;" && cat tests/bench/fill.sql; } | client bench
"$root/$build/bin/carillon" --config "$scratch/conf/carillon.properties" run sync >/dev/null # makes its tables
curl -sf -X POST "$gateway/control/backlog" \
    -d "{\"count\":$answers,\"first\":0,\"refusals\":20,\"start\":\"2026-01-05 08:00:00\"}" >/dev/null
measured "$answers answers stored" 1 run sync
cat "$scratch/said"

# The rest of the rows, each with its row in Agora.
client bench <<END
SET FOREIGN_KEY_CHECKS = 0;
SET @base = 100000000;
INSERT INTO validations (id, campaign_id, user_id, action, validated_at)
  SELECT @base + seq, 1000000 + seq DIV 5, 1000000 + seq MOD 500, 'valide', '2026-01-05 08:00:00'
    FROM seq_1_to_$((rows - answers));
INSERT INTO passerelle_inbox (identity, digest, state, payload, received_at, run, gateway, gateway_id, campaign_id, user_id,
    validation_id)
  SELECT CONCAT('bench', seq), REPEAT('0', 32), 'applied',
      JSON_OBJECT('id', seq, 'token', CONCAT('bench', seq), 'action', 'valide', 'commentaire', 'Vu, bon pour accord.',
        'validated_at', '2026-01-05 08:00:00'),
      '2026-01-05 08:00:00', 'bench', 'bench', seq, 1000000 + seq DIV 5, 1000000 + seq MOD 500, @base + seq
    FROM seq_1_to_$((rows - answers));
ANALYZE TABLE passerelle_inbox, validations;
END
measured "$rows rows of the inbox verified" 1 items sync --verify
cat "$scratch/said"
measured "a run with nothing pending beside them, mean of $idle_runs" "$idle_runs" run sync
echo "load of the machine meanwhile: $(cut -d ' ' -f 1-3 /proc/loadavg)"
