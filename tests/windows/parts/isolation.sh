# shellcheck shell=sh
# A plugin that makes trouble fails its own run, and leaves nothing behind.
# shellcheck source=tests/windows/trouble.sh
. tests/windows/trouble.sh

install_troublemaker
configuration windows </dev/null

fails() { # trouble extended-regular-expression; further keys on the standard input
    trouble_job "$1" "$1"
    must 1 windows run "$1"
    says "$1 failed: $2"
}

fails segfault 'the plugin crashed' </dev/null
fails abort 'the plugin crashed' </dev/null
fails exit 'the plugin ended the process with exit code 0 before its report' </dev/null
fails _exit 'the plugin ended the process with exit code 3 before its report' </dev/null
fails kill_self 'the plugin ended the process with exit code 9 before its report' </dev/null
fails throw_poco 'run fails with Poco' </dev/null
fails throw_int 'an exception that is no std::exception' </dev/null
fails hang 'stopped after its time limit|time limit' <<END
job.timeout = 1s
END
fails exhaust '.*memory limit of 256M' <<END
job.memory = 256M
END
fails close_all_and_hang '.' <<END
job.timeout = 2s
END
holds "$data/logs/segfault.log" 'about to fall'
holds "$data/logs/segfault.log" 'step.done'

# Not an error, but what it leaves is ended with it.
for trouble in succeed fork leave_thread leave_descriptor close_stdout scribble print; do
    trouble_job $trouble $trouble </dev/null
    must 0 windows run $trouble
done
holds "$data/logs/print.log" 'cerr on stderr'
holds "$data/logs/print.log" 'no end of line'
trouble_job fork_and_abort fork_and_abort </dev/null
must 1 windows run fork_and_abort
until_true 5 test -z "$(processes 'ping|worker')" || fail "left behind: $(processes 'ping|worker' | xargs ps -o pid,args -p)"

# One host, with a job that is well beside one that crashes: the worker of one is not that of the other.
trouble_job well succeed <<END
job.schedule = every 1s
END
trouble_job ill segfault <<END
job.schedule = every 1s
END
printf '%s\n' 'jobs.enabled = well, ill' 'http.address =' | configuration windows
serve
enough() { carillon windows history well -n 100 && [ "$(grep -c 'all went well' "$scratch/out")" -ge 4 ]; }
until_true 20 enough || fail "the host lost the job that is well: $(said)"
must 0 windows history ill -n 100
[ "$(grep -c 'crashed' "$scratch/out")" -ge 2 ] || fail "the job that is ill did not crash: $(said)"
kill -0 "$host" 2>/dev/null || fail 'the host ended'
