# shellcheck shell=sh
# Ctrl-C on a run: its task is asked to stop, the run is over with its report, and the exit code is that of everywhere.
# shellcheck source=tests/windows/trouble.sh
. tests/windows/trouble.sh

has_begun() {
    carillon windows history
    grep -q 'running' "$scratch/out"
}

install_troublemaker
configuration windows </dev/null
trouble_job slow wait_for_stop </dev/null
wine "$program" --config 'C:\ProgramData\Carillon\carillon.properties' run slow >"$scratch/run.out" 2>&1 </dev/null &
run=$!
pids="$pids $run"
until_true 30 has_begun || fail "no run begins: $(said)"
# Wine makes of it what Ctrl-C is in a console.
kill -INT $run
code=0
wait $run || code=$?
same "the exit code, $(cat "$scratch/run.out")" 130 "$code"
holds "$scratch/run.out" 'slow was stopped by .*: the run was asked to stop'
must 0 windows history
says 'stopped'
