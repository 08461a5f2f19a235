"""The program under test, the way a person uses it: as a process, by its verbs and by signals."""

import ctypes
import json
import os
import signal
import subprocess
import time

PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36
LIBC = ctypes.CDLL(None, use_errno=True)


def now():
    """Microseconds since 1970: the ledger's unit."""
    return time.time_ns() // 1000


def adopt_orphans():
    """What a killed host leaves behind becomes a child of this process, and is found there."""
    LIBC.prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def die_with_parent():
    """A soak that is interrupted leaves no host."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def processes():
    """All processes: number -> (parent, state, name)."""
    found = {}
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{entry}/stat", encoding="utf-8", errors="replace") as file:
                text = file.read()
        except OSError:
            continue
        state, parent = text[text.rindex(")") + 2 :].split()[:2]
        found[int(entry)] = (int(parent), state, text[text.index("(") + 1 : text.rindex(")")])
    return found


def descendants(root):
    """All below `root`: number -> (parent, state, name)."""
    everyone, found, parents = processes(), {}, {root}
    while parents:
        level = {pid: entry for pid, entry in everyone.items() if entry[0] in parents}
        found.update(level)
        parents = set(level)
    return found


class Host:
    """One `carillon serve` after another on the same configuration, and the other verbs beside it."""

    def __init__(self, program, config, log):
        self.program, self.config = program, config
        self.log = open(log, "ab")
        self.process = None

    def verb(self, *words):
        """Runs a verb to its end: exit code, stdout, stderr."""
        command = [self.program, "--config", self.config, *words]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stdout, done.stderr

    def start(self):
        """Returns when it fires."""
        command = [self.program, "--config", self.config, "serve"]
        self.process = subprocess.Popen(command, stdout=self.log, stderr=self.log, preexec_fn=die_with_parent)
        limit = time.monotonic() + 20
        while self.status() is None:
            if self.process.poll() is not None or time.monotonic() > limit:
                raise RuntimeError(f"the host did not start: exit code {self.process.returncode}")
            time.sleep(0.01)

    def require_alive(self):
        if self.process.poll() is not None:
            raise RuntimeError(f"the host ended by itself: exit code {self.process.returncode}")

    def status(self):
        """What `status` tells; None: no host answers."""
        _, text, _ = self.verb("status", "--json", "-n", "1")
        state = json.loads(text)
        return None if state["state"] == "stopped" else state

    def running(self):
        """Runs that go on or wait. Throws when no host answers."""
        counts = self.status()["counts"]
        return counts["running"] + counts["waiting"]

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self, limit):
        """SIGTERM; returns the exit code, a negative one when it had to be killed after the limit."""
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(limit)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
