#!/bin/sh
# How long it takes to find a job's next firing, beside other libraries: sh tests/bench/next-firing.sh [rounds]
#
# For each of 13 expressions each call goes on from the firing that the one before gave, from 2025-12-31T23:59:59
# local time on. Carillon's own program makes up to 200,000 calls; so does each library in its own language, or fewer
# in 2 s, beginning anew when the year 2100 is reached. Per library the geometric mean over the expressions; medians
# of the rounds (1). Quartz refuses a day and a weekday at once, so it has 12. One round: 6 minutes, given up after
# 14.
set -eu

cd "$(dirname "$0")/../.."
rounds=${1:-1}
. tests/bench/support.sh
give_up_after $((rounds * 720 + 120))

cat >"$scratch/expressions" <<'END'
* * * * *
*/5 * * * *
0 2 * * *
30 2 * * *
0 0 29 2 *
0 9-17/2 * * 1-5
15,45 3 1 */3 *
0 0 31 * *
0 0 1 1 *
23 0-20/2 * * *
5 4 * * 0
0 22 * * 1-5
0 0 13 * 5
END

# Lines of expression, calls and nanoseconds -> geometric mean, slowest, how many.
summary() {
    awk -F '\t' '{n += log($3); if ($3 > most) most = $3} END {printf "%.1f %.0f %d\n", exp(n / NR), most, NR}'
}
of_carillon() {
    "$build/tests/bench/next_firing" --json >"$scratch/ours" || : # 1: slower than it is meant to be
    for zone in UTC Paris; do
        sqlite3 -separator '	' :memory: "SELECT value ->> 'expression', value ->> 'calls', value ->> lower('$zone')
            FROM json_each(readfile('$scratch/ours'), '$.expressions')" | summary >>"$scratch/of.Carillon.$zone"
    done
}
of_peer() { # name
    for zone in UTC Europe/Paris; do
        (peer "$1" next "$zone" <"$scratch/expressions") >"$scratch/answer" &
        pid=$!
        noted "$pid"
        ended "$pid" || fail "$1 failed"
        summary <"$scratch/answer" >>"$scratch/of.$1.${zone#Europe/}"
    done
}
column() { cut -d ' ' -f "$1" "$2" | median; }

names=
if measures carillon; then
    build_carillon next_firing
    names=Carillon
fi
if measures peers; then
    build_peers
    names="$names Quartz robfig APScheduler croniter node-cron croner cron-parser"
fi
about "Next firing, ns a call, geometric mean, median of $rounds; ratio: to Carillon in UTC"
for _ in $(seq "$rounds"); do
    for name in $names; do
        if [ "$name" = Carillon ]; then of_carillon; else of_peer "$name"; fi
    done
done
{
    printf 'library\tUTC\tslowest\tEurope/Paris\tslowest\texpressions\n'
    for name in $names; do
        if [ "$name" = Carillon ]; then printf Carillon; else printf '%s' "$(with_version "$name")"; fi
        for zone in UTC Paris; do
            printf '\t%s\t%s' "$(column 1 "$scratch/of.$name.$zone")" "$(column 2 "$scratch/of.$name.$zone")"
        done
        printf '\t%s\n' "$(column 3 "$scratch/of.$name.UTC")"
    done
} | with_ratio 2 | table
