#!/bin/sh
# How fast the plugin Passerelle reads a gateway's list, and at what memory: sh tests/bench/listing-parse.sh
#
# The production reader takes 300 MB from memory, five times, with batches of several sizes: alone, and in its thread with
# the items' identities, as a run has it. Beside it Poco's parser alone with a handler that does nothing. Each in a process of its own; medians of the five. `processor`:
# MB in a second that a processor worked for it, which other work on the machine changes less. `start`: resident before
# anything is read, the libraries' own pages. One round: half a minute, given up after 10.
set -eu

cd "$(dirname "$0")/../.."
. tests/bench/support.sh
give_up_after 600

line() { # name of the row, then the arguments
    name=$1
    shift
    "$build/tests/bench/listing_parse" --json "$@" >"$scratch/measured" || : # 1: slower or larger than it is meant to be
    sqlite3 -separator '	' :memory: "SELECT '$name', value ->> 'mb_per_s', value ->> 'mb_per_processor_s',
        value ->> 'items_per_s', value ->> 'resident_mb', value ->> 'resident_at_start_mb'
        FROM (SELECT readfile('$scratch/measured') AS value)"
}

build_carillon listing_parse
about 'Parsing a list of the gateway, items of 226 bytes in the mean'
{
    printf 'what\tMB/s\tprocessor\titems/s\tresident MB\tstart\n'
    for items in 250 1000 2000; do line "reader, batches of $items" reader "$items"; done
    for items in 250 1000 2000; do line "in its thread, with identities, $items" listing "$items"; done
    line 'Poco alone' parser
} | table
