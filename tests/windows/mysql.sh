# shellcheck shell=sh
# Agora in a MariaDB server of this machine, by TLS and by no other way, for both worlds of world.sh. After agora.sh.

# Another's, when the tests have one already.
start_mysql() {
    if [ -z "${CARILLON_TEST_MYSQL_PORT:-}" ]; then
        own_mysql=yes
        assignments=$(sh tests/support/mariadb.sh start "$scratch/mysql") || fail 'the server does not start'
        eval "$assignments"
    fi
    database=windows_$$
    at_end=stop_mysql
}
stop_mysql() {
    client -e "DROP DATABASE IF EXISTS $database" || :
    [ -z "${own_mysql:-}" ] || sh tests/support/mariadb.sh stop "$scratch/mysql"
}

client() { # argument...
    mariadb --no-defaults --host=127.0.0.1 --port="$CARILLON_TEST_MYSQL_PORT" --user="$CARILLON_TEST_MYSQL_USER" \
        --password="$CARILLON_TEST_MYSQL_PASSWORD" --default-character-set=utf8mb4 --skip-column-names --batch "$@"
}

# The same Agora anew, and a gateway's list that answers all its questions.
fill() { # world answers
    client -e "DROP DATABASE IF EXISTS $database;
        CREATE DATABASE $database CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci"
    client "$database" <schemas/agora/mysql/agora.sql
    { echo "SET @items = $2;" && cat tests/bench/fill.sql; } | client "$database"
    control "$1" reset '{}'
    control "$1" backlog "{\"count\":$2,\"first\":0,\"refusals\":20,\"start\":\"2026-01-05 08:00:00\"}"
}

mysql_rows() {
    client "$database" -e "
        SELECT campaign_id, user_id, action, commentaire, validated_at FROM validations ORDER BY 1, 2;
        SELECT id, statut FROM campaigns ORDER BY 1;
        SELECT campaign_id, user_id, action, description, old_values, new_values FROM campaign_logs ORDER BY 1, 2, 3, 4;
        SELECT token, used_at IS NOT NULL FROM validation_tokens ORDER BY 1;
        SELECT identity, digest, state, reason, payload FROM passerelle_inbox ORDER BY 1"
}

mysql_job() { # world name
    cp "$CARILLON_TEST_MYSQL_CA" "$(folder "$1")/jobs/database.pem"
    chmod 644 "$(folder "$1")/jobs/database.pem"
    job "$1" "$2" <<END
job.plugin = Passerelle
job.task = PasserelleSync
task.database.host = 127.0.0.1
task.database.port = $CARILLON_TEST_MYSQL_PORT
task.database.name = $database
task.database.user = tlsonly
task.database.password = $CARILLON_TEST_MYSQL_PASSWORD
task.database.tls.ca = database.pem
task.gateway.url = $(cat "$scratch/$1.url")/agora/passerelle
task.gateway.key = $gateway_key
task.gateway.proxy = none
END
}
