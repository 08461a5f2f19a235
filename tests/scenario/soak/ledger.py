"""Each due time has one end, and that end has a cause that the driver or the store knows of."""

import bisect

from record import BUSY, BY_SCHEDULE, SECOND, clock, family_of

OVERLAPS = {"skip": "overlap", "queue": "queue full"}


def told(row):
    return f"{row['job']} {clock(row['slot_at'])} {row['ending']}({row['reason']}) run {row['run']}"


def check_holes(record):
    """The schedules name the slots; the ledger has these and no others. Its key is job and slot: none has two rows."""
    jobs = record.slots_by_job()
    for job, reigns in record.reigns.items():
        sure = {slot for reign in reigns for slot in reign.sure()}
        possible = sure | {slot for reign in reigns for slot in reign.possible()}
        for slot in sorted(sure - set(jobs[job])):
            yield f"no row: {job} {clock(slot)}; before it {record.last_event(slot)}"
        for slot in sorted(set(jobs[job]) - possible):
            yield f"not a slot: {told(jobs[job][slot])}"


def check_ran(record):
    for row in record.slots:
        if row["ending"] != "ran":
            continue
        run = record.runs.get(row["run"])
        if run is None or run["job"] != row["job"]:
            yield f"no run: {told(row)}"
        elif (run["scheduled_at"], run["trigger_name"]) != (row["slot_at"], row["trigger_name"]):
            yield f"another run: {told(row)}, which is of {clock(run['scheduled_at'])} by {run['trigger_name']}"


def check_merged(record):
    """Into a run of the same job that stands for a later slot."""
    for row in record.slots:
        if row["ending"] != "merged":
            continue
        run = record.runs.get(row["run"])
        if run is None or run["job"] != row["job"] or run["scheduled_at"] <= row["slot_at"]:
            yield f"merged into no later run: {told(row)}"


def check_skipped(record):
    for row in record.slots:
        if row["ending"] != "skipped":
            continue
        if row["reason"].startswith("paused"):
            yield from check_paused_row(record, row)
        elif row["reason"] != overlap_of(row):
            yield f"skipped without a cause: {told(row)}"
        elif row["reason"] == "overlap":
            yield from check_overlap_row(record, row)


def overlap_of(row):
    """The reason when a run goes on; who asks for one by hand is refused, whatever the schedule's slots do."""
    by_schedule = row["trigger_name"] in BY_SCHEDULE
    return OVERLAPS.get(family_of(row["job"]).overlap, "overlap") if by_schedule else "overlap"


def check_overlap_row(record, row):
    """The run for which it was skipped went on, or its end was not yet known, when that was recorded.

    It holds its job from when it was due, and not only from when a worker was free to begin it.
    """
    run = record.runs.get(row["run"])
    if run is None or run["job"] != row["job"] or run["finished_at"] is None:
        yield f"skipped for no run: {told(row)}"
    elif run["scheduled_at"] > row["recorded_at"] or run["finished_at"] < row["slot_at"] - BUSY:
        span = f"{clock(run['started_at'])} to {clock(run['finished_at'])}"
        yield f"skipped for a run that did not go on: {told(row)}, {span}"


def check_paused_row(record, row):
    for began, ended in record.pauses[row["job"]]:
        if began[0] <= row["recorded_at"] and row["slot_at"] <= ended[1]:
            return
    yield f"skipped(paused) but not paused: {told(row)}"


def check_pauses(record):
    """While a job was paused for sure, its slots are skipped for that. One that nobody had looked at when the job was
    resumed belongs to the time after."""
    jobs = record.slots_by_job()
    for job, pauses in record.pauses.items():
        slots = sorted(jobs[job])
        for began, ended in pauses:
            for slot in slots[bisect.bisect_right(slots, began[1]) : bisect.bisect_right(slots, ended[0])]:
                row = jobs[job][slot]
                undecided = ended[0] < row["recorded_at"] and slot > ended[0] - BUSY
                paused = row["ending"] == "skipped" and row["reason"].startswith("paused")
                if not paused and not undecided:
                    yield f"paused from {clock(began[1])} to {clock(ended[0])}: {told(row)}"


def check_missed(record):
    """Only what no host could fire, or what a reload took away."""
    for row in record.slots:
        if row["ending"] != "missed":
            continue
        changed = record.changed_at(row["job"], row["slot_at"], 15 * SECOND)
        down = record.was_down(row["slot_at"], row["recorded_at"])
        if not (changed if row["reason"].startswith("the ") else down):
            yield f"missed without a cause: {told(row)}; before it {record.last_event(row['slot_at'])}"


CHECKS = {
    "each due time has its row, and no other has one": check_holes,
    "each row ran has its run": check_ran,
    "each row merged has a later run": check_merged,
    "each row skipped has its cause": check_skipped,
    "each slot of a paused job is skipped(paused)": check_pauses,
    "each row missed has its cause": check_missed,
}
