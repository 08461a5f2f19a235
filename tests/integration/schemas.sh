#!/bin/sh
# The test gateway answers as the schemas of the protocol say: schemas.sh GATEWAY SCHEMAS
set -eu

scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-schemas.XXXXXX")
"$1" --db "$scratch/db" --key schema-key-0123 --port-file "$scratch/port" >"$scratch/log" &
gateway=$!
trap 'kill "$gateway" 2>/dev/null || :; rm -rf "$scratch"' EXIT
for _ in $(seq 100); do
    [ -s "$scratch/port" ] && break
    sleep 0.1
done
url=http://127.0.0.1:$(cat "$scratch/port")
api=$url/agora/passerelle/api.php

control() { curl -sf -X POST "$url/control/$1" -d "$2" -o /dev/null; }
conforms() { # schema curl-argument...
    schema=$1
    shift
    curl -s -H 'Authorization: Bearer schema-key-0123' "$@" >"$scratch/answer.json"
    # A member's schema is found beside its own: by the folder's address.
    jsonschema --base-uri "file://$schemas/" -i "$scratch/answer.json" "$schemas/$schema.schema.json" 2>"$scratch/error" || {
        cat "$scratch/error" >&2
        return 1
    }
    echo "$schema: ok"
}
schemas=$2

control backlog '{"count":20,"first":0,"refusals":5,"start":"2026-01-05 08:00:00"}'
conforms health "$api/health"
conforms stats "$api/stats"
conforms stats "$api?action=stats"
conforms pending-path "$api/pending-validations"
conforms pending-query "$api?action=pending-validations"
control fault '{"name":"string_numbers","call":"pending","times":1}'
conforms pending-path "$api/pending-validations"
conforms acknowledge -X POST "$api/sync-completed" -d '{"ids":[1,2,3]}'
conforms acknowledge -X POST "$api?action=sync-completed" -d '{"ids":[4]}'
conforms error -X POST "$api/sync-completed" -d '{"ids":[]}'
conforms error "$api/nothing"

# A schema that takes anything would take these too.
control fault '{"name":"wrong_type","call":"pending","times":1}'
if conforms pending-path "$api/pending-validations" >/dev/null 2>&1; then
    echo 'the schema takes a list of the wrong type' >&2
    exit 1
fi
echo '{"ids":[]}' >"$scratch/empty.json"
if jsonschema -i "$scratch/empty.json" "$schemas/acknowledge-request.schema.json" >/dev/null 2>&1; then
    echo 'the schema takes an empty acknowledge' >&2
    exit 1
fi
