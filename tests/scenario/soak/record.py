"""What a soak has left: the driver's facts, the store and the diary of the tasks."""

import bisect
import collections
import dataclasses
import datetime
import json
import sqlite3

from scene import FAMILIES

SECOND = 1_000_000
FAMILY = {family.name: family for family in FAMILIES}
# How far the host may be behind when others take the machine.
BUSY = 3 * SECOND
BY_SCHEDULE = ("schedule", "misfire")


def family_of(job):
    return FAMILY[job.split("@")[0]]


def clock(at):
    """Microseconds since 1970 as a time of day."""
    return datetime.datetime.fromtimestamp(at / SECOND, datetime.timezone.utc).strftime("%H:%M:%S.%f")


def fires(schedule, second):
    """Whether the schedule, one of scene.SCHEDULES, names the second of a minute."""
    field = schedule.split()[0]
    first, step = (1, 2) if field == "1-59/2" else (0, int(field.partition("/")[2] or 1))
    return second >= first and (second - first) % step == 0


def slots_within(schedule, after, until):
    """All slots later than `after`, up to `until`."""
    first = after // SECOND + 1
    return [at * SECOND for at in range(first, until // SECOND + 1) if fires(schedule, at % 60)]


@dataclasses.dataclass
class Reign:
    """The time in which a job had one schedule. It began and ended at an instant between the two of each pair."""

    schedule: str
    began: tuple
    ended: tuple = None

    def sure(self):
        return slots_within(self.schedule, self.began[1], self.ended[0])

    def possible(self):
        return slots_within(self.schedule, self.began[0], self.ended[1])


def reigns_of(events):
    """The reigns of each job, from what the driver did."""
    reigns, current = collections.defaultdict(list), {}
    for event in events:
        if event["kind"] not in ("start", "reload", "end"):
            continue
        jobs, span = event.get("jobs", {}), (event["begin"], event["end"])
        for job in set(current) | set(jobs):
            old = current.get(job)
            if old and old.schedule == jobs.get(job):
                continue
            if old:
                old.ended = span
                del current[job]
            if job in jobs:
                current[job] = Reign(jobs[job], span)
                reigns[job].append(current[job])
    return reigns


def pauses_of(events):
    """The pauses of each job, each between two pairs of instants like a Reign."""
    pauses, current = collections.defaultdict(list), {}
    for event in events:
        span = (event["begin"], event["end"])
        for job in event.get("jobs", ()) if event["kind"] in ("pause", "resume") else ():
            if event["kind"] == "pause":
                current.setdefault(job, span)
            elif job in current:
                pauses[job].append((current.pop(job), span))
    last = (events[-1]["begin"], events[-1]["end"])
    for job, span in current.items():
        pauses[job].append((span, last))
    return pauses


class Record:
    def __init__(self, folder):
        with open(folder + "/facts.json", encoding="utf-8") as file:
            self.facts = json.load(file)
        self.events = self.facts["events"]
        self.reigns = reigns_of(self.events)
        self.pauses = pauses_of(self.events)
        store = sqlite3.connect(f"file:{folder}/state/carillon.db?mode=ro", uri=True)
        store.row_factory = sqlite3.Row
        self.slots = list(store.execute("SELECT * FROM slot ORDER BY job, slot_at"))
        self.runs = {row["id"]: row for row in store.execute("SELECT * FROM run ORDER BY started_at")}
        self.locks = [row["job"] for row in store.execute("SELECT job FROM job_state WHERE run IS NOT NULL")]
        self.diary = self.read_diary(folder + "/diary/diary")
        self.at = [event["begin"] for event in self.events]

    @staticmethod
    def read_diary(path):
        """run -> its lines, each a list of words."""
        diary = collections.defaultdict(list)
        with open(path, encoding="utf-8") as file:
            for line in file:
                words = line.split()
                diary[words[1]].append(words)
        return diary

    def spans(self, kind, job=None):
        return [(e["begin"], e["end"]) for e in self.events if e["kind"] == kind and (not job or job in e["jobs"])]

    def was_down(self, begin, end, slack=2 * SECOND):
        """Whether a host was killed or started within the span."""
        return any(b - slack <= end and begin <= e + slack for b, e in self.spans("kill"))

    def changed_at(self, job, at, slack=SECOND):
        """Whether a reload around that time gave the job another schedule, or took it away."""
        return any(r.ended and r.ended[0] - slack <= at <= r.ended[1] + slack for r in self.reigns[job])

    def slots_by_job(self):
        jobs = collections.defaultdict(dict)
        for row in self.slots:
            if row["trigger_name"] in BY_SCHEDULE:
                jobs[row["job"]][row["slot_at"]] = row
        return jobs

    def runs_by_job(self):
        jobs = collections.defaultdict(list)
        for row in self.runs.values():
            jobs[row["job"]].append(row)
        return jobs

    def last_event(self, at):
        """For messages: what the driver did last before that time."""
        place = bisect.bisect_right(self.at, at) - 1
        event = self.events[max(place, 0)]
        return f"{event['kind']} {clock(event['begin'])} to {clock(event['end'])}"
