"""The host's process holds no more at the end than after its first quarter."""

import itertools
import statistics

from record import BUSY, SECOND, clock

GROWTH = 0.05

# In its first minutes a host still fills what it keeps of a fixed size: SQLite's pages (2 MB) and the logs of 64 jobs.
FILLING = 3e6
FILLED = 300 * SECOND


def lives(record):
    """The samples of each host that lived long enough to say something, without their first quarter."""
    for pid, samples in itertools.groupby(record.facts["samples"], key=lambda sample: sample["pid"]):
        samples = list(samples)
        if len(samples) >= 40:
            yield pid, samples[len(samples) // 4 :]


def thirds(samples, read):
    """Median of the first third and of the last."""
    third = len(samples) // 3
    return [statistics.median(read(sample) for sample in part) for part in (samples[:third], samples[-third:])]


def check_memory(record):
    for pid, samples in lives(record):
        first, last = thirds(samples, lambda sample: sample["resident"])
        filling = FILLING if samples[-1]["at"] - samples[0]["at"] < FILLED else 0
        if last > first * (1 + GROWTH) + filling:
            yield f"process {pid}: {first / 1e6:.1f} MB, then {last / 1e6:.1f} MB"


def held(rest):
    """Descriptors beside those of workers: three pipes and the process of each."""
    return sum(rest["descriptors"].values()) - 4 * rest["workers"]


def check_descriptors(record):
    """Whenever nothing ran, the host had the same number open."""
    first, *others = record.facts["rests"]
    for rest in others:
        if held(rest) != held(first):
            yield f"{held(first)} beside those of workers at {clock(first['at'])}, {held(rest)} at {clock(rest['at'])}"


def check_zombies(record):
    """A dead child is seen to, as soon as a busy machine lets the host, and none is left when nothing runs."""
    seen = {}
    for sample in record.facts["samples"]:
        seen = {zombie: seen.get(zombie, sample["at"]) for zombie in sample["zombies"]}
        for zombie, since in seen.items():
            if sample["at"] - since > BUSY:
                span = f"since {clock(since)}, still at {clock(sample['at'])}"
                yield f"process {sample['pid']}: child {zombie} is dead {span}"
    for rest in record.facts["rests"]:
        if rest["zombies"]:
            yield f"process {rest['pid']}: dead children at rest: {rest['zombies']}"


def check_driver(record):
    yield from record.facts["faults"]


CHECKS = {
    "memory flat within 5 %": check_memory,
    "descriptors constant": check_descriptors,
    "no zombie": check_zombies,
    "each command did what it should, no process left": check_driver,
}
