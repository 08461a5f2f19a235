# shellcheck shell=sh
# Two runs of a job at once, two hosts at once: the second gives way, and a dead one holds nothing.
# shellcheck source=tests/windows/trouble.sh
. tests/windows/trouble.sh

install_troublemaker
printf '%s\n' 'http.address =' 'jobs.enabled =' | configuration windows
trouble_job long wait <<END
task.wait = 1h
END

running() { grep -q 'wait.began' "$data/logs/long.log" 2>/dev/null; }
wine "$program" --config 'C:\ProgramData\Carillon\carillon.properties' run long >"$scratch/first.out" 2>&1 </dev/null &
first=$!
pids="$pids $first"
until_true 20 running || fail "the first run does not begin: $(cat "$scratch/first.out")"
must 75 windows run long
says 'running already|is running'
[ -n "$(processes 'worker')" ] || fail 'no worker is found of the run that goes on'

# A dead holder: with the run its worker ends, and the lock is free.
kill -9 "$first"
wait "$first" 2>/dev/null || :
no_worker() { [ -z "$(processes 'worker')" ]; }
until_true 10 no_worker || fail 'the worker outlives the program that was killed'
trouble_job long succeed </dev/null
must 0 windows run long
must 0 windows history long
same 'the run that was killed is in the history' 2 "$(grep -c '^long\|long ' "$scratch/out")"

serve
must 1 windows serve
says 'is in use by host'
kill -0 "$host" || fail 'the second host ended the first'
must 0 windows run long
# Once the first is dead there may be another.
kill -9 "$host"
wait "$host" 2>/dev/null || :
serve
