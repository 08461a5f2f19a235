# shellcheck shell=sh
# The gateway by TLS: its authority is trusted once it is in the store of Windows, and not before.
# shellcheck source=tests/windows/agora.sh
. tests/windows/agora.sh

make_certificates() {
    openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj '/CN=Mairie' -keyout "$scratch/ca.key" -out "$scratch/ca.pem"
    openssl req -newkey rsa:2048 -nodes -subj '/CN=127.0.0.1' -keyout "$scratch/front.key" -out "$scratch/front.csr"
    echo 'subjectAltName = IP:127.0.0.1' >"$scratch/front.ext"
    openssl x509 -req -days 30 -in "$scratch/front.csr" -CA "$scratch/ca.pem" -CAkey "$scratch/ca.key" -CAcreateserial \
        -extfile "$scratch/front.ext" -out "$scratch/front.pem"
}
# As the registry has a certificate of this user's: its encoding (32) after what identifies it, a number in four bytes
# each, the lowest first.
trust_authority() {
    openssl x509 -in "$scratch/ca.pem" -outform DER -out "$scratch/ca.der"
    number() { printf '%08x' "$1" | sed 's/\(..\)\(..\)\(..\)\(..\)/\4\3\2\1/'; }
    blob=$(number 32)$(number 1)$(number "$(wc -c <"$scratch/ca.der")")$(od -An -v -tx1 "$scratch/ca.der" | tr -d ' \n')
    name=$(openssl x509 -in "$scratch/ca.pem" -noout -fingerprint -sha1 | sed 's/.*=//; s/://g')
    of_windows reg add "HKCU\\Software\\Microsoft\\SystemCertificates\\Root\\Certificates\\$name" /v Blob /t REG_BINARY \
        /d "$blob" /f
}
of_windows() { # program argument...
    wine "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || fail "$* failed: $(said)"
}

make_certificates >"$scratch/openssl.log" 2>&1 || fail "$(cat "$scratch/openssl.log")"
make_agora <host/quickstart.sql
configuration windows </dev/null
start_gateway windows
python3 tests/windows/tls_front.py "$scratch/front.pem" "$scratch/front.key" "$(cat "$scratch/windows.port")" "$scratch/front.port" &
pids="$pids $!"
until_true 10 test -s "$scratch/front.port" || fail 'the TLS port does not open'
control windows items '{"items":[{"token":"quickstart-1-1","action":"valide","commentaire":null,"validated_at":"2026-06-15 10:00:00"}]}'
sync_job windows sync </dev/null
sed -i "s,^task.gateway.url.*,task.gateway.url = https://127.0.0.1:$(cat "$scratch/front.port")/agora/passerelle," "$data/jobs/sync.properties"

must 1 windows run sync
says 'certificate'
trust_authority
must 0 windows run sync
says 'sync succeeded: 1 fetched'
all_acknowledged windows 1
