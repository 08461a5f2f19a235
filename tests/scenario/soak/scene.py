"""The configuration of a soak: families of jobs, an instances file each, and changes to them."""

import dataclasses
import os

EVERY_SECOND = "* * * * * *"
SCHEDULES = (EVERY_SECOND, "*/2 * * * * *", "*/3 * * * * *", "1-59/2 * * * * *")


@dataclasses.dataclass(frozen=True)
class Family:
    """Jobs that behave alike; `keys` are lines of their file beside those that all have."""

    name: str
    size: int
    keys: tuple = ()
    overlap: str = "skip"
    misfire: str = "run_once"
    retries: int = 0

    @property
    def exclusive(self):
        return self.overlap != "allow"


FAMILIES = (
    Family("quick", 90),
    Family("threaded", 40, ("job.isolation = thread",), misfire="skip"),
    Family("crashing", 20, ("task.troubles = segfault 5, abort 5, exit 5, throw 5",)),
    Family("hanging", 10, ("job.timeout = 1s", "task.troubles = hang 4", "task.work = 1500ms")),
    Family("skipping", 10, ("task.work = 2s",)),
    Family("queueing", 5, ("task.work = 1900ms", "job.queue.max = 5"), overlap="queue"),
    Family("beside", 5, ("task.work = 1500ms",), overlap="allow"),
    Family("replacing", 5, ("task.work = 3s",), overlap="replace"),
    Family("retried", 10, ("task.troubles = fail 25, segfault 5", "job.retry.delay = 400ms"), retries=3),
    Family("grouped", 5, ("task.work = 300ms", "job.group = narrow", "job.misfire.max = 5"), misfire="run_all"),
)

HOST = """
plugins.dir = {plugins}
jobs.enabled = {jobs}
workers.max = 64
workers.group.narrow = 3
workers.recycle.runs = 500
drain.timeout = 5s
"""

JOB = """
job.plugin = Restless
job.task = Restless
job.timezone = UTC
job.schedule = ${{instance.schedule}}
job.overlap = {family.overlap}
job.misfire = {family.misfire}
job.retries = {family.retries}
task.seed = {seed}
task.diary = {folder}/diary
task.exclusive = {exclusive}
"""


def replace_file(path, text):
    """At once, as an editor does it: the host never reads half of it."""
    with open(path + ".new", "w", encoding="utf-8") as file:
        file.write(text)
    os.rename(path + ".new", path)


class Scene:
    """The files of one soak and the schedule of each job in them."""

    def __init__(self, folder, plugins, seed):
        self.folder, self.seed = folder, seed
        self.file = folder + "/carillon.properties"
        self.schedules = {f.name: {str(n): EVERY_SECOND for n in range(f.size)} for f in FAMILIES}
        os.makedirs(folder + "/jobs")
        os.makedirs(folder + "/diary")
        replace_file(self.file, HOST.format(plugins=plugins, jobs=", ".join(f.name for f in FAMILIES)))
        for family in FAMILIES:
            self.write_job(family)
            self.write_instances(family.name)

    def path(self, family, end):
        return f"{self.folder}/jobs/{family}.{end}"

    def write_job(self, family, more=""):
        exclusive = "yes" if family.exclusive else "no"
        text = JOB.format(family=family, seed=self.seed, folder=self.folder, exclusive=exclusive)
        replace_file(self.path(family.name, "properties"), text + "\n".join(family.keys) + "\n" + more)

    def write_instances(self, family):
        rows = "".join(f"{name},{schedule}\n" for name, schedule in self.schedules[family].items())
        replace_file(self.path(family, "instances.csv"), "name,schedule\n" + rows)

    def jobs(self):
        """The schedule of each job."""
        families = self.schedules.items()
        return {f"{family}@{name}": schedule for family, rows in families for name, schedule in rows.items()}

    def change(self, dice):
        """Adds, removes or re-schedules some instances; the job counts stay near those of the families."""
        for family in dice.sample(FAMILIES, dice.randint(1, 3)):
            rows = self.schedules[family.name]
            if dice.random() < 0.5:
                rows[dice.choice(list(rows))] = dice.choice(SCHEDULES)
            elif len(rows) < family.size or dice.random() < 0.5:
                rows[str(dice.randrange(2 * family.size))] = EVERY_SECOND
            else:
                del rows[dice.choice(list(rows))]
            for name in [name for name in rows if dice.random() < 0.2]:
                rows[name] = EVERY_SECOND
            self.write_instances(family.name)
