# shellcheck shell=sh
# 10,000 answers into a MariaDB server that lets nobody in without TLS: the rows are those that the native program makes.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh
# shellcheck source=tests/windows/mysql.sh
. tests/windows/mysql.sh

answers=10000
start_mysql
for world in native windows; do
    printf 'http.address =\njobs.enabled =\n' | configuration $world
    start_gateway $world
    mysql_job $world sync
    fill $world $answers
    begun=$(date +%s%N)
    must 0 $world run sync
    took=$((($(date +%s%N) - begun) / 1000000))
    says "sync succeeded: $answers fetched, $answers applied, $answers acknowledged"
    all_acknowledged $world $answers
    mysql_rows >"$scratch/$world.rows"
    echo "mariadb: $answers answers in $world in $took ms"
done
[ "$(wc -l <"$scratch/native.rows")" -gt $((answers * 4)) ] || fail "few rows: $(wc -l <"$scratch/native.rows")"
cmp "$scratch/native.rows" "$scratch/windows.rows" ||
    fail "the rows differ: $(diff "$scratch/native.rows" "$scratch/windows.rows" | head -n 20)"

# The server is known by its authority alone.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Another authority' -keyout "$scratch/other.key" \
    -out "$data/jobs/database.pem" 2>"$scratch/openssl.log" || fail "$(cat "$scratch/openssl.log")"
must 1 windows run sync
says 'certificate'
