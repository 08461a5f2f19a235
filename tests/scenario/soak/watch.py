"""Samples of the host's process, twice a second: what it holds."""

import os
import threading
import time

from host import now, processes

PAGE = os.sysconf("SC_PAGE_SIZE")


def descriptors(pid):
    """Open descriptors by kind: files, sockets, pipes and others."""
    kinds = {"file": 0, "socket": 0, "pipe": 0, "other": 0}
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{entry}")
        except OSError:
            continue
        kind = "file" if target.startswith("/") else target.split(":")[0]
        kinds[kind if kind in kinds else "other"] += 1
    return kinds


def sample(pid):
    with open(f"/proc/{pid}/statm", encoding="ascii") as file:
        resident = int(file.read().split()[1]) * PAGE
    children = {child: entry for child, entry in processes().items() if entry[0] == pid}
    zombies = [child for child, entry in children.items() if entry[1] == "Z"]
    threads = len(os.listdir(f"/proc/{pid}/task"))
    return {"at": now(), "pid": pid, "resident": resident, "descriptors": descriptors(pid), "threads": threads,
            "workers": len(children) - len(zombies), "zombies": zombies}


class Watch(threading.Thread):
    """Samples whatever process the host is at the moment."""

    def __init__(self, host):
        super().__init__(daemon=True)
        self.host, self.samples, self.ending = host, [], threading.Event()

    def run(self):
        while not self.ending.wait(0.5):
            try:
                self.samples.append(sample(self.host.process.pid))
            except OSError:  # it was killed meanwhile
                time.sleep(0.1)

    def end(self):
        self.ending.set()
        self.join()
        return self.samples
