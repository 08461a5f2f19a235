"""check.py FOLDER: proves from what a soak has left that nothing was lost, doubled or leaked; 1 when it was."""

import collections
import statistics
import sys

import ledger
import process
import runs
from record import Record

SHOWN = 8


def count(rows, *keys):
    counts = collections.Counter(" ".join(filter(None, (str(row[key]) for key in keys))) for row in rows)
    return ", ".join(f"{number} {name}" for name, number in counts.most_common())


def summary(record):
    late = sorted((run["started_at"] - run["scheduled_at"]) / 1000 for run in record.runs.values()
                  if run["trigger_name"] == "schedule" and run["attempt"] == 1 and run["job"].startswith("quick"))
    print(f"soak of {record.facts['seconds']} s, seed {record.facts['seed']}")
    done = sorted(record.facts["counts"].items())
    print(f"  done:   {', '.join(f'{number} {kind}' for kind, number in done)}")
    print(f"  slots:  {count(record.slots, 'ending', 'reason')}")
    print(f"  runs:   {count(record.runs.values(), 'trigger_name')}")
    met = [{"trouble": lines[0][6]} for lines in record.diary.values()]
    print(f"  diary:  {len(record.diary)} runs; met {count(met, 'trouble')}")
    middle, most = statistics.median(late), late[len(late) * 99 // 100]
    print(f"  late:   median {middle:.1f} ms, p99 {most:.1f} ms (slot to claim, of the quick ones)")
    for pid, samples in process.lives(record):
        first, last = process.thirds(samples, lambda sample: sample["resident"])
        most = max(sum(sample["descriptors"].values()) for sample in samples)
        print(f"  host:   process {pid}: {first / 1e6:.1f} MB, then {last / 1e6:.1f} MB; {most} descriptors at most")
    rests = ", ".join(f"{process.held(rest)} and {rest['workers']} workers" for rest in record.facts["rests"])
    print(f"  idle:   descriptors beside those of workers: {rests}")


def main():
    record = Record(sys.argv[1])
    summary(record)
    failed = False
    for module in (ledger, runs, process):
        for name, check in module.CHECKS.items():
            faults = list(check(record))
            failed = failed or bool(faults)
            print(f"{'FAILED' if faults else 'ok    '} {name}" + (f": {len(faults)}" if faults else ""))
            for fault in faults[:SHOWN]:
                print(f"         {fault}")
    sys.exit(1 if failed else 0)


main()
