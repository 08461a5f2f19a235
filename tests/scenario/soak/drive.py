"""drive.py PROGRAM PLUGINS FOLDER SECONDS SEED: runs the soak and writes what it did to facts.json, for check.py."""

import json
import os
import random
import sys
import time

from host import Host, adopt_orphans, descendants, now
from scene import FAMILIES, Scene
from watch import Watch, sample

# In parts of the whole time. After the last one but one the memory of one host is watched for most of it.
# At a rest nothing runs, so that what the host holds can be compared.
SHORT = 300  # seconds
KILLS = {True: (0.15,), False: (0.04, 0.08, 0.12, 0.16, 0.92)}
RESTS = {True: (0.4,), False: (0.3, 0.6, 0.9)}
SETTLE = 45  # seconds: a hanging run ends 11 s after its beginning, a queue of five at most 10 s later


class Soak:
    def __init__(self, program, plugins, folder, seed):
        self.dice = random.Random(seed)
        self.scene = Scene(folder, plugins, seed)
        self.host = Host(program, self.scene.file, folder + "/host.log")
        self.events, self.faults, self.counts, self.rests = [], [], {}, []
        self.paused = set()

    def note(self, kind, begin, **more):
        self.counts[kind] = self.counts.get(kind, 0) + 1
        self.events.append({"kind": kind, "begin": begin, "end": now(), **more})

    def expect(self, what, answer, codes):
        code, out, err = answer
        if code not in codes:
            self.faults.append(f"{what}: exit code {code}, expected one of {codes}: {out[-300:]} {err[-300:]}")

    def start(self):
        begin = now()
        self.host.start()
        self.note("start", begin, jobs=self.scene.jobs())

    def kill(self):
        begin = now()
        self.host.kill()
        time.sleep(self.dice.uniform(0.5, 7))
        left = [entry for entry in descendants(os.getpid()).values() if entry[1] != "Z"]
        if left:
            self.faults.append(f"left behind by the killed host: {left}")
        self.host.start()
        self.note("kill", begin)

    def reload(self):
        self.scene.change(self.dice)
        begin = now()
        self.expect("reload", self.host.verb("reload"), (0,))
        self.note("reload", begin, jobs=self.scene.jobs())

    def reload_faulty(self):
        family = self.dice.choice(FAMILIES)
        self.scene.write_job(family, self.dice.choice(("job.overlap = perhaps\n", "job.schedul = @daily\n")))
        begin = now()
        self.expect("reload of a faulty file", self.host.verb("reload"), (2,))
        self.scene.write_job(family)
        self.note("reload_faulty", begin)

    def run(self):
        job = self.dice.choice(sorted(self.scene.jobs()))
        begin = now()
        words = ("--wait",) if self.dice.random() < 0.3 and not job.startswith("queueing") else ()
        self.expect(f"run {job}", self.host.verb("run", job, *words), (0, 1, 75))
        self.note("run", begin, job=job)

    def pause(self):
        job = self.dice.choice(sorted(set(self.scene.jobs()) - self.paused))
        begin = now()
        self.expect(f"pause {job}", self.host.verb("pause", job), (0,))
        self.paused.add(job)
        self.note("pause", begin, jobs=[job])

    def resume(self):
        alive = sorted(self.paused & set(self.scene.jobs()))
        if not alive:
            return self.pause()
        job = self.dice.choice(alive)
        begin = now()
        self.expect(f"resume {job}", self.host.verb("resume", job), (0,))
        self.paused.discard(job)
        return self.note("resume", begin, jobs=[job])

    def look(self):
        begin = now()
        if self.host.status() is None:
            self.faults.append("status: no host answers")
        job = self.dice.choice(sorted(self.scene.jobs()))
        self.expect(f"ledger {job}", self.host.verb("ledger", job, "--json"), (0,))
        self.note("look", begin)

    def drive(self, seconds):
        began = time.monotonic()
        plan = [(part, self.kill) for part in KILLS[seconds < SHORT]]
        plan += [(part, self.rest) for part in RESTS[seconds < SHORT]]
        plan.sort(key=lambda entry: entry[0])
        acts = (self.reload, self.reload, self.reload_faulty, self.run, self.run, self.pause, self.resume, self.look)
        while time.monotonic() - began < seconds:
            if plan and time.monotonic() - began > plan[0][0] * seconds:
                plan.pop(0)[1]()
            self.dice.choice(acts)()
            self.host.require_alive()
            time.sleep(self.dice.uniform(0, 1.5))

    def settle(self):
        """Fires no more, waits for the runs to end, and looks at what the host holds then."""
        begin = now()
        self.expect("pause '*'", self.host.verb("pause", "*"), (0,))
        self.note("pause", begin, jobs=sorted(self.scene.jobs()))
        limit = time.monotonic() + SETTLE
        while self.host.running() > 0:
            if time.monotonic() > limit:
                self.faults.append(f"not idle {SETTLE} s after all jobs were paused")
                break
            time.sleep(0.2)
        self.rests.append(sample(self.host.process.pid))

    def rest(self):
        self.settle()
        begin = now()
        self.expect("resume '*'", self.host.verb("resume", "*"), (0,))
        self.paused.clear()
        self.note("resume", begin, jobs=sorted(self.scene.jobs()))

    def end(self):
        """From here on each slot is to be accounted for."""
        self.settle()
        begin = now()
        self.host.running()  # answered after the slots before it were looked at
        self.events.append({"kind": "end", "begin": begin, "end": now()})

    def finish(self):
        code = self.host.stop(30)
        if code != 0:
            self.faults.append(f"SIGTERM: exit code {code}, expected 0")
        left = [entry for entry in descendants(os.getpid()).values() if entry[1] != "Z"]
        if left:
            self.faults.append(f"left behind by the ended host: {left}")


def main():
    program, plugins, folder, seconds, seed = sys.argv[1:6]
    adopt_orphans()
    soak = Soak(program, plugins, folder, seed)
    soak.start()
    watch = Watch(soak.host)
    watch.start()
    try:
        soak.drive(int(seconds))
        soak.end()
    finally:
        samples = watch.end()
        soak.finish()
    facts = {"seed": seed, "seconds": int(seconds), "events": soak.events, "faults": soak.faults, "counts": soak.counts,
             "samples": samples, "rests": soak.rests}
    with open(folder + "/facts.json", "w", encoding="utf-8") as file:
        json.dump(facts, file)


main()
