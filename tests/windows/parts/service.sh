# shellcheck shell=sh
# The host as a service of Windows, with a job of every second: it is killed again and again, and each slot is accounted
# for once.
# shellcheck source=tests/windows/trouble.sh
. tests/windows/trouble.sh

kills=3

of_windows() { # program argument...: its exit code in `code`
    code=0
    wine "$@" >"$scratch/out" 2>"$scratch/err" </dev/null || code=$?
}
done_by() { # program argument...
    of_windows "$@"
    [ "$code" = 0 ] || fail "$* returned $code: $(said)"
}
# As the service manager has it.
service_process() {
    carillon windows service status
    sed -n 's/.* is running, process \([0-9]*\)$/\1/p' "$scratch/out"
}
running() { [ -n "$(service_process)" ] && host_answers; }
no_worker() { [ -z "$(processes 'carillon.*worker')" ]; }
ended() {
    carillon windows service status
    grep -q ' is stopped' "$scratch/out"
}

install_troublemaker
printf '%s\n' 'http.address =' 'jobs.enabled = each' 'drain.timeout = 5s' | configuration windows
trouble_job each effect <<END
job.schedule = every 1s
job.timezone = UTC
task.effects = C:/effects
END

must 1 windows service status
says 'the service carillon is not installed'
must 0 windows service install
must 2 windows service install
says 'installed already'
done_by net start carillon
until_true 20 running || fail "the service does not run: $(said)"
must 0 windows service status
says 'starts with the machine'

for _ in $(seq $kills); do
    sleep 3
    killed=$(processes 'carillon\.exe.* service run')
    [ -n "$killed" ] || fail 'the process of the service is not found'
    # shellcheck disable=SC2086 # the ids are words
    kill -9 $killed
    until_true 10 no_worker || fail 'a worker outlives its service'
    # Windows starts it again after a crash, but Wine takes a dead service for a running one. So the machine starts anew,
    # and the service with it.
    wineserver -k || : # which says that there is none
    wineserver -w
    until_true 20 running || fail "the service does not come back: $(said)"
done
sleep 3
stay_on
done_by net stop carillon
until_true 20 ended || fail "net stop has not ended it: $(said)"
must 1 windows service status
says 'is stopped'

must 0 windows ledger each --json -n 1000
# In seconds since 1970, each with how it ended.
jq -r '.[]? // .rows[]? | [(.slot // .scheduledAt), .end] | @tsv' "$scratch/out" >"$scratch/slots" || fail "$(said)"
[ "$(wc -l <"$scratch/slots")" -ge 15 ] || fail "few slots: $(cat "$scratch/slots")"
cut -f 1 "$scratch/slots" | sed 's/\.[0-9]*Z$/Z/' | date -u -f - +%s | sort -n >"$scratch/seconds"
same 'no slot is there twice' '' "$(uniq -d "$scratch/seconds")"
same 'no slot is missing' "$(seq "$(head -1 "$scratch/seconds")" "$(tail -1 "$scratch/seconds")")" "$(cat "$scratch/seconds")"
sort "$drive/effects" | uniq -d >"$scratch/twice"
[ ! -s "$scratch/twice" ] || fail "slots that ran twice: $(cat "$scratch/twice")"
echo "service: $(wc -l <"$scratch/slots") slots through $kills kills: $(cut -f 2 "$scratch/slots" | sort | uniq -c | tr -s ' \n' ' ')"

must 0 windows service remove
must 1 windows service status
says 'is not installed'
