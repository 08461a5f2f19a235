"""The host's process holds no more at the end than after its first quarter."""

import itertools
import statistics

GROWTH = 0.05


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
        if last > first * (1 + GROWTH):
            yield f"process {pid}: {first / 1e6:.1f} MB, then {last / 1e6:.1f} MB"


def check_descriptors(record):
    """Those that are not a worker's or a connection's: their number says nothing."""
    for pid, samples in lives(record):
        first, last = thirds(samples, lambda sample: sum(sample["descriptors"].values()) - 3 * sample["workers"])
        if last > first + 2:
            yield f"process {pid}: {first} descriptors beside those of workers, then {last}"


def check_zombies(record):
    """A dead child is seen to at once: two samples never find the same one."""
    for before, after in itertools.pairwise(record.facts["samples"]):
        for zombie in set(before["zombies"]) & set(after["zombies"]):
            yield f"process {after['pid']}: dead child {zombie} for half a second and more"


def check_driver(record):
    yield from record.facts["faults"]


CHECKS = {
    "memory flat within 5 %": check_memory,
    "descriptors constant": check_descriptors,
    "no zombie": check_zombies,
    "each command did what it should, no process left": check_driver,
}
