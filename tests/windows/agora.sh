# shellcheck shell=sh
# Agora, embedded, and a gateway with answers for it, in either world of world.sh.

gateway_key=cle-de-passerelle-7Hq2

# The address is in $scratch/WORLD.url.
start_gateway() { # world
    "$build/tests/gateway/carillon-test-gateway" --db "$scratch/$1.gateway.db" --key "$gateway_key" \
        --port-file "$scratch/$1.port" >"$scratch/$1.gateway.log" 2>&1 &
    pids="$pids $!"
    until_true 10 test -s "$scratch/$1.port" || fail "the gateway does not start: $(cat "$scratch/$1.gateway.log")"
    echo "http://127.0.0.1:$(cat "$scratch/$1.port")" >"$scratch/$1.url"
}

control() { # world call json
    curl -sf -X POST "$(cat "$scratch/$1.url")/control/$2" -d "$3" -o "$scratch/control.out" ||
        fail "the gateway refused $2: $3"
}

# The gateway's own figures: {"pending":0,"synced":5,...}
gateway_state() { # world
    curl -sf "$(cat "$scratch/$1.url")/control/state"
}

all_acknowledged() { # world answers
    state=$(gateway_state "$1")
    case $state in
    *'"pending":0,'*) ;;
    *) fail "the gateway of $1 still has answers: $state" ;;
    esac
    case $state in
    *'"synced":'"$2"[,}]*) ;;
    *) fail "the gateway of $1 has not $2 acknowledged answers: $state" ;;
    esac
}

# The same in both worlds: with the tables as Agora has them, filled by the SQL on the standard input.
make_agora() {
    { cat "$root/schemas/agora/sqlite/agora.sql" && cat; } | sqlite3 "$scratch/agora.db"
    for world in native windows; do
        mkdir -p "$(folder $world)"
        cp "$scratch/agora.db" "$(folder $world)/agora.db"
    done
}

agora_place() { # world: as its program names it
    case $1 in windows) echo C:/ProgramData/Carillon/agora.db ;; native) echo "$scratch/native/agora.db" ;; esac
}

sync_job() { # world name; further keys on the standard input
    {
        printf '%s\n' 'job.plugin = Passerelle' 'job.task = PasserelleSync' 'task.database.connector = SQLite' \
            "task.database.connection = $(agora_place "$1")" "task.gateway.url = $(cat "$scratch/$1.url")/agora/passerelle" \
            "task.gateway.key = $gateway_key" 'task.gateway.proxy = none'
        cat
    } | job "$1" "$2"
}

# All that a synchronisation writes, but not when it wrote it.
agora_rows() { # world
    sqlite3 "$(folder "$1")/agora.db" "
        SELECT 'campaign', id, titre, statut FROM campaigns ORDER BY id;
        SELECT 'validation', campaign_id, user_id, action, commentaire, validated_at FROM validations
            ORDER BY campaign_id, user_id;
        SELECT 'log', campaign_id, user_id, action, description, old_values, new_values FROM campaign_logs
            ORDER BY campaign_id, user_id, action, description;
        SELECT 'token', token, used_at IS NOT NULL, ip_address, user_agent FROM validation_tokens ORDER BY token;
        SELECT 'inbox', identity, digest, state, reason, detail, payload FROM passerelle_inbox ORDER BY identity;"
}
