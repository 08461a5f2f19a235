#!/bin/sh
# A private MariaDB server for tests: its data, socket, certificates and log in DIR, nothing of the system's.
#
#   mariadb.sh start DIR [server option...]   makes it if need be, starts it, prints shell assignments
#   mariadb.sh stop DIR                       stops it and waits for its end; nothing to stop is no error
#
# A server started again in the same DIR takes its former port if that is still free.
set -eu

PATH=$PATH:/usr/sbin:/sbin
limit=60 # seconds until the server must answer

fail() {
    echo "mariadb.sh: error: $*" >&2
    exit 1
}

usage() {
    echo "usage: mariadb.sh start DIR [server option...] | mariadb.sh stop DIR" >&2
    exit 2
}

# The process of this DIR, or nothing: a left-over pid file may name a process of somebody else.
running_pid() {
    pid=$(cat "$dir/mariadb.pid" 2>/dev/null) || return 0
    case $pid in '' | *[!0-9]*) return 0 ;; esac
    if { tr '\0' '\n' <"/proc/$pid/cmdline"; } 2>/dev/null | grep -Fqx -e "--datadir=$dir/data"; then
        echo "$pid"
    fi
}

make_data() {
    [ ! -d "$dir/data" ] || return 0
    rm -rf "$dir/data.new"
    # A server that starts removes the temporary tables of others in its TMPDIR: each needs one of its own.
    # -u reaches the server alone: at --user the installer would also change the owner of a system folder.
    TMPDIR=$dir/tmp mariadb-install-db --no-defaults --datadir="$dir/data.new" --skip-test-db --skip-name-resolve \
        --auth-root-authentication-method=socket ${as_root:+-uroot} >"$dir/install.log" 2>&1 || {
        cat "$dir/install.log" >&2
        fail "cannot make a data folder in $dir"
    }
    mv "$dir/data.new" "$dir/data"
}

# A throw-away authority and a server certificate that it signed.
make_certificates() {
    [ ! -f "$dir/tls/server.pem" ] || return 0
    mkdir -p "$dir/tls"
    (
        umask 077
        cd "$dir/tls"
        printf '%s\n' 'subjectAltName = IP:127.0.0.1, DNS:localhost' 'basicConstraints = CA:FALSE' \
            'extendedKeyUsage = serverAuth' >server.ext
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj '/CN=Carillon test authority' \
            -addext 'keyUsage = critical, keyCertSign, cRLSign' -keyout ca.key -out ca.pem
        openssl req -newkey rsa:2048 -nodes -subj '/CN=127.0.0.1' -keyout server.key -out server.csr
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 \
            -extfile server.ext -out server.new
        mv server.new server.pem
    ) >"$dir/tls.log" 2>&1 || {
        cat "$dir/tls.log" >&2
        fail "cannot make certificates in $dir/tls"
    }
}

# The server runs this before it listens; one statement a line.
write_accounts() {
    {
        for host in localhost 127.0.0.1; do
            echo "CREATE USER IF NOT EXISTS 'carillon'@'$host' IDENTIFIED BY 'carillon';"
            echo "CREATE USER IF NOT EXISTS 'tlsonly'@'$host' IDENTIFIED BY 'carillon' REQUIRE SSL;"
            echo "GRANT ALL PRIVILEGES ON *.* TO 'carillon'@'$host' WITH GRANT OPTION;"
            echo "GRANT ALL PRIVILEGES ON *.* TO 'tlsonly'@'$host';"
        done
    } >"$dir/accounts.sql"
}

launch() { # port, server option...
    port=$1
    shift
    # Own session: an interrupt typed at the terminal is for the tests, the server is stopped after them.
    setsid mariadbd --no-defaults ${as_root:+"$as_root"} --datadir="$dir/data" --tmpdir="$dir/tmp" \
        --socket="$dir/mariadb.sock" --pid-file="$dir/mariadb.pid" --port="$port" --bind-address=127.0.0.1 \
        --init-file="$dir/accounts.sql" --skip-name-resolve --performance-schema=OFF \
        --innodb-flush-log-at-trx-commit=1 --innodb-buffer-pool-size=128M --max-allowed-packet=16M \
        --character-set-server=utf8mb4 --max-connections=200 \
        --ssl-ca="$dir/tls/ca.pem" --ssl-cert="$dir/tls/server.pem" --ssl-key="$dir/tls/server.key" \
        "$@" </dev/null >"$dir/server.log" 2>&1 &
    server=$!
    echo "$server" >"$dir/mariadb.pid"
}

# Asked by TCP, and for the socket, so that a stranger on this port is not taken for ours.
answers() {
    [ "$(MYSQL_PWD=carillon mariadb --no-defaults --protocol=tcp --host=127.0.0.1 --port="$port" --user=carillon \
        --connect-timeout=2 --batch --skip-column-names --execute='SELECT @@socket' 2>/dev/null)" = "$dir/mariadb.sock" ]
}

# 0: answers, 1: ended or mute, 2: the port was taken.
wait_until_it_answers() {
    deadline=$(($(date +%s) + limit))
    while ! answers; do
        if ! kill -0 "$server" 2>/dev/null; then
            wait "$server" || :
            if grep -q 'Address already in use' "$dir/server.log"; then return 2; else return 1; fi
        fi
        [ "$(date +%s)" -lt "$deadline" ] || return 1
        sleep 0.1
    done
}

print_assignments() {
    # Every value in single quotes, so that a folder with a blank or a dollar sign survives eval.
    quoted=$(printf '%s' "$dir" | sed "s/'/'\\\\''/g")
    cat <<END
CARILLON_TEST_MYSQL_PORT=$(cat "$dir/port")
CARILLON_TEST_MYSQL_SOCKET='$quoted/mariadb.sock'
CARILLON_TEST_MYSQL_USER=carillon
CARILLON_TEST_MYSQL_PASSWORD=carillon
CARILLON_TEST_MYSQL_CA='$quoted/tls/ca.pem'
CARILLON_TEST_MYSQL_PID=$(cat "$dir/mariadb.pid")
END
}

start() { # server option...
    for program in mariadbd mariadb-install-db mariadb openssl setsid; do
        command -v "$program" >/dev/null || fail "$program is missing: run sh host/packages.sh test"
    done
    # sun_path holds 107 characters.
    [ "$(printf '%s' "$dir/mariadb.sock" | wc -c)" -le 107 ] || fail "$dir is too long a name for a socket"
    if [ -n "$(running_pid)" ]; then
        print_assignments
        return
    fi
    if [ "$(id -u)" = 0 ]; then as_root=--user=root; else as_root=; fi
    mkdir -p "$dir/tmp"
    make_data
    make_certificates
    write_accounts
    server=
    trap 'if [ -n "$server" ]; then stop; fi' EXIT
    trap 'exit 130' INT
    trap 'exit 143' HUP TERM
    candidate=$(cat "$dir/port" 2>/dev/null || random_port)
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        launch "$candidate" "$@"
        status=0
        wait_until_it_answers || status=$?
        [ "$status" = 2 ] || break
        candidate=$(random_port)
    done
    if [ "$status" != 0 ]; then
        cat "$dir/server.log" >&2
        fail "the server in $dir did not start (its log is above)"
    fi
    trap - EXIT INT HUP TERM
    echo "$port" >"$dir/port"
    print_assignments
}

# Below the range from which the system gives ports to clients.
random_port() {
    echo $((20000 + $(od -An -N2 -tu2 /dev/urandom) % 12000))
}

stop() {
    pid=$(running_pid)
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || :
        deadline=$(($(date +%s) + limit))
        while [ -n "$(running_pid)" ]; do
            if [ "$(date +%s)" -ge "$deadline" ]; then kill -9 "$pid" 2>/dev/null || :; fi
            sleep 0.1
        done
    fi
    rm -f "$dir/mariadb.pid"
}

[ $# -ge 2 ] || usage
command=$1
case $command in
start) mkdir -p "$2" ;;
stop) [ -d "$2" ] || exit 0 ;;
*) usage ;;
esac
dir=$(cd "$2" && pwd -P)
shift 2
"$command" "$@"
