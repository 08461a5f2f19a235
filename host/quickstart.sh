#!/bin/sh
# From nothing to a first synchronisation: sh host/quickstart.sh
#
# Installs what is missing, builds, starts a gateway on loopback, makes an embedded Agora database with a few campaigns,
# and lets carillon bring the validators' answers in. All that it makes is in build/, the trial itself in build/quickstart;
# a second run finds nothing to do, and without that folder it begins anew.
set -eu
umask 022 # a plugin that others may write to is refused

cd "$(dirname "$0")/.."
build=$(pwd -P)/${CARILLON_BUILD_DIR:-build}
mkdir -p "$build"
trial=$build/quickstart
agora=$trial/agora.db

say() { printf '\n== %s\n' "$*"; }

say 'Packages'
sh host/packages.sh build
echo 'everything that is needed is installed'

say 'Build'
cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=RelWithDebInfo \
    "-DCMAKE_CXX_FLAGS_RELWITHDEBINFO=-O2 -DNDEBUG" -DCARILLON_UNITY=ON -DBUILD_TESTING=OFF >"$build/configure.log" 2>&1 &&
    cmake --build "$build" --target carillon Passerelle carillon-test-gateway || {
    cat "$build/configure.log" >&2
    exit 1
}

campaigns() {
    sqlite3 -column -header "$agora" "SELECT c.id, c.titre, c.statut,
        (SELECT count(*) FROM validations v WHERE v.campaign_id = c.id) AS reponses FROM campaigns c ORDER BY c.id"
}

first=
if [ ! -f "$agora" ]; then
    first=yes
    rm -rf "$trial"
    mkdir -p "$trial"
    sqlite3 "$agora.new" <schemas/agora/sqlite/agora.sql
    sqlite3 "$agora.new" <host/quickstart.sql
    mv "$agora.new" "$agora"
fi

say 'Gateway'
rm -f "$trial/port"
"$build/tests/gateway/carillon-test-gateway" --db "$trial/gateway.db" --key quickstart-key --port-file "$trial/port" \
    >"$trial/gateway.log" 2>&1 &
gateway=$!
trap 'kill "$gateway" 2>/dev/null; wait "$gateway" 2>/dev/null || :' EXIT
trap 'exit 130' HUP INT TERM
for _ in $(seq 100); do
    [ -s "$trial/port" ] && break
    kill -0 "$gateway" 2>/dev/null || { cat "$trial/gateway.log" >&2; exit 1; }
    sleep 0.1
done
url=http://127.0.0.1:$(cat "$trial/port")
echo "listens on $url/agora/passerelle"

if [ -n "$first" ]; then
    answered=$(date -u -d '1 hour ago' '+%Y-%m-%d %H:%M:%S')
    item() { printf '{"token":"quickstart-%s","action":"%s","commentaire":%s,"validated_at":"%s"}' "$1" "$2" "$3" "$answered"; }
    curl -sf -X POST "$url/control/items" -o /dev/null -d "{\"items\":[$(item 1-1 valide '"Très bien"'),$(item 1-3 valide null),
        $(item 2-2 refuse '"La rue est barrée ce jour-là"'),$(item 3-1 valide null),$(item 4-3 valide '"Trop tard"')]}"
    echo 'five answers wait there'
    "$build/bin/carillon" init "$trial/conf" >/dev/null
fi
say 'Configuration'
job() { # name task: the database is the embedded one; further keys from standard input
    {
        printf 'job.plugin = Passerelle\njob.task = %s\ntask.database.connector = SQLite\n' "$2"
        printf 'task.database.connection = %s\n' "$agora"
        cat
    } >"$trial/conf/jobs/$1.properties"
    chmod 640 "$trial/conf/jobs/$1.properties"
}
job tokens-clean TokensClean </dev/null
job sync-passerelle PasserelleSync <<END
task.gateway.url = $url/agora/passerelle
task.gateway.key = quickstart-key
task.gateway.proxy = none
END
"$build/bin/carillon" --config "$trial/conf/carillon.properties" validate

say 'Campaigns before'
campaigns

say 'carillon run sync-passerelle'
"$build/bin/carillon" --config "$trial/conf/carillon.properties" run sync-passerelle

say 'Campaigns after'
campaigns

say 'Where to look'
cat <<END
log      $trial/conf/logs/sync-passerelle.log
history  export CARILLON_CONFIG=$trial/conf/carillon.properties
         $build/bin/carillon history
rejects  $build/bin/carillon rejects sync-passerelle
page     $build/bin/carillon passwd alice    (the first user)
         $build/bin/carillon serve           (http://127.0.0.1:8620)
Run this script again: it has nothing to do.
END
