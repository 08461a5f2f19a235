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
                  if run["trigger_name"] == "schedule" and run["attempt"] == 1)
    print(f"soak of {record.facts['seconds']} s, seed {record.facts['seed']}")
    print(f"  done:   {', '.join(f'{number} {kind}' for kind, number in sorted(record.facts['counts'].items()))}")
    print(f"  slots:  {count(record.slots, 'ending', 'reason')}")
    print(f"  runs:   {count(record.runs.values(), 'trigger_name')}")
    print(f"  diary:  {len(record.diary)} runs; met {count([{'t': lines[0][6]} for lines in record.diary.values()], 't')}")
    print(f"  late:   median {statistics.median(late):.1f} ms, p99 {late[len(late) * 99 // 100]:.1f} ms (slot to claim)")
    for pid, samples in process.lives(record):
        first, last = process.thirds(samples, lambda sample: sample["resident"])
        most = max(sum(sample["descriptors"].values()) for sample in samples)
        print(f"  host {pid}: {first / 1e6:.1f} MB, then {last / 1e6:.1f} MB; {most} descriptors at most; "
              f"idle: {record.facts['idle']}")


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
