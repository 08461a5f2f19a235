#!/bin/sh
# The files that make a service of Carillon are what the tools that read them expect: service-files.sh PROGRAM CONF
set -eu

program=$1
conf=$2
scratch=$(mktemp -d "${TMPDIR:-/tmp}/carillon-service.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
unset CARILLON_CONFIG
# Debian's own, where its packages are.
python=/usr/bin/python3
[ -x "$python" ] || python=python3
# How exposed systemd may find a unit, of 10: what these units measure.
most_exposed=1.4

fail() {
    echo "service-files.sh: error: $*" >&2
    exit 1
}

explained() { # cron-expression
    "$program" explain "$1" >/dev/null || fail "carillon does not understand the schedule $1"
}

# A unit names the installed program; what is verified names the one that was built.
copy_units() {
    for unit in "$conf"/systemd/*.service "$conf"/systemd/*.timer; do
        sed "s|/usr/local/bin/carillon|$program|" "$unit" >"$scratch/$(basename "$unit")"
    done
}

# Says of unknown keys and bad values only that it ignores them.
verify_units() { # folder
    systemd-analyze verify --man=no --generators=no "$1/carillon.service" "$1/carillon-run@sync-passerelle.service" \
        "$1/carillon-run@sync-passerelle.timer" >"$scratch/verify.log" 2>&1 && [ ! -s "$scratch/verify.log" ]
}

check_units() {
    copy_units
    verify_units "$scratch" || {
        cat "$scratch/verify.log" >&2
        fail "systemd finds faults in conf/systemd"
    }
    mkdir "$scratch/faulty"
    cp "$scratch"/carillon* "$scratch/faulty"
    echo 'WatchdogSecs=60' >>"$scratch/faulty/carillon-run@.timer"
    ! verify_units "$scratch/faulty" || fail "a unit with an unknown key passes: systemd-analyze checks nothing here"

    for unit in carillon.service carillon-run@.service; do
        systemd-analyze security --offline=yes --no-pager --threshold="$(echo "$most_exposed" | tr -d .)" \
            "$scratch/$unit" >"$scratch/security.log" || {
            cat "$scratch/security.log" >&2
            fail "$unit is more exposed than $most_exposed"
        }
    done
    for unit in carillon.service carillon-run@.service; do
        grep -qx 'LimitCORE=0' "$conf/systemd/$unit" || fail "$unit lets a crash write secrets to the disk"
    done
    sandbox "$conf/systemd/carillon.service" >"$scratch/sandbox"
    sandbox "$conf/systemd/carillon-run@.service" | diff "$scratch/sandbox" - >&2 ||
        fail "the sandboxes of the two services differ"
}

# From the user on.
sandbox() { # unit
    sed -n '/^User=/,/^\[Install\]/p' "$1" | grep -E '^[A-Z][A-Za-z]*='
}

# The timer and the cron line mean the same instants.
check_timer() {
    calendar=$(sed -n 's/^OnCalendar=//p' "$conf/systemd/carillon-run@.timer")
    TZ=UTC systemd-analyze calendar --base-time='2026-03-28 23:52:00 UTC' --iterations=20 "$calendar" |
        sed -nE 's/.*(Next elapse|Iter\. #[0-9]+): [A-Za-z]+ ([0-9-]+) ([0-9:]+) UTC$/\2T\3Z/p' >"$scratch/timer"
    "$program" next --expr "$1" --tz UTC --from 2026-03-28T23:52:00Z -n 20 --json |
        grep -o '"utc":"[^"]*"' | cut -d'"' -f4 >"$scratch/cron"
    [ "$(wc -l <"$scratch/timer")" = 20 ] || fail "systemd does not understand OnCalendar=$calendar"
    diff "$scratch/timer" "$scratch/cron" >&2 || fail "OnCalendar=$calendar is not $1"
}

check_crontab() {
    # As cron reads it: lines with a blank before the first = are jobs, the others set variables.
    grep -vE '^ *(#|$)|^[A-Z_]+=' "$conf/cron/carillon" >"$scratch/crontab"
    [ -z "$(tail -c 1 "$conf/cron/carillon")" ] || fail 'cron ignores a last line without an end'
    while read -r minute hour day month weekday user command rest; do
        explained "$minute $hour $day $month $weekday"
        [ "$user $command" = 'carillon carillon' ] ||
            fail "conf/cron/carillon: expected user and program, found $user $command"
        job=${rest#run }
        job=${job%% *}
        [ -f "$conf/jobs/$job.properties" ] || fail "conf/cron/carillon runs $job, which conf/jobs does not have"
    done <"$scratch/crontab"
    [ "$(wc -l <"$scratch/crontab")" = 2 ] || fail 'conf/cron/carillon: expected two jobs'
}

check_kubernetes() {
    "$python" "$(dirname "$0")/kubernetes.py" "$conf/kubernetes" >"$scratch/schedule"
    explained "$(cat "$scratch/schedule")"
}

# The text of an element of the task's definition.
task() { # element
    xmllint --xpath "string(//*[local-name()='$1'])" "$conf/windows/carillon-run.xml"
}

check_windows() {
    xmllint --noout --nonet "$conf/windows/carillon-run.xml" || fail 'conf/windows/carillon-run.xml is not well-formed'
    [ "$(task Interval)" = PT5M ] || fail "the task repeats every $(task Interval), expected PT5M"
    [ "$(task MultipleInstancesPolicy)" = IgnoreNew ] || fail 'the task may run beside itself'
    [ "$(task ExecutionTimeLimit)" = PT0S ] || fail 'the task is ended while its run goes on'
    [ "$(task StartWhenAvailable)" = true ] || fail 'a start that was missed is lost'
    [ "$(task Command)" = '"C:\Program Files\Carillon\bin\carillon.exe"' ] || fail "the task starts $(task Command)"
    [ "$(task Arguments)" = '--config "C:\ProgramData\Carillon\carillon.properties" run sync-passerelle' ] ||
        fail "the task runs carillon $(task Arguments)"
    check_script "$conf/windows/service.cmd"
    check_script "$conf/windows/install.cmd"
}

# The command interpreter misses a label in a file whose lines end as on Unix.
check_script() { # file
    ! grep -qv "$(printf '\r')\$" "$1" || fail "$1: a line does not end in CR LF"
    tr -d '\r' <"$1" >"$scratch/script"
    for label in $(sed -n -e 's/.* goto //p' -e 's/^call ://p' "$scratch/script"); do
        grep -qx ":$label" "$scratch/script" || fail "$1 has no label $label"
    done
}

# A host that drains must not be killed for it.
check_drain() {
    stop=$(sed -n 's/^TimeoutStopSec=\([0-9]*\)s$/\1/p' "$conf/systemd/carillon.service")
    drain=$(sed -n 's/^# drain.timeout = \([0-9]*\)s$/\1/p' "$conf/carillon.properties")
    [ "$stop" -gt $((drain + 15)) ] || fail "TimeoutStopSec=${stop}s is not above drain.timeout = ${drain}s and 15 s"
}

check_units
check_timer '*/5 * * * *'
check_crontab
check_kubernetes
check_windows
check_drain
