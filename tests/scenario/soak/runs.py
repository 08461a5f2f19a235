"""Each run ended, as the task itself tells of it in its diary; none went on beside another that excludes it."""

import itertools

from record import BY_SCHEDULE, SECOND, clock, family_of

SUCCEEDED, FAILED = 0, 2
# What the message of a run says that met a trouble; a run that was ended for another reason says that instead.
TELLS = {
    "segfault": "SIGSEGV",
    "abort": "SIGABRT",
    "exit": "exit code 0",
    "throw": "thrown by the dice",
    "fail": "the dice say so",
    "hang": "time limit",
}
# Why a run may fail that met no trouble.
ENDED = ("replaced by", "time limit", "asked to stop", "host is ending", "its process is gone")


def told(run):
    end = clock(run["finished_at"]) if run["finished_at"] else "no end"
    by = f"{run['trigger_name']} {run['attempt']}"
    return f"{run['job']} {run['id']} ({by}) {clock(run['started_at'])} to {end}: {run['message']}"


def check_ends(record):
    for run in record.runs.values():
        if run["finished_at"] is None or run["finished_at"] < run["started_at"]:
            yield f"no end: {told(run)}"
    for job in record.locks:
        yield f"still locked: {job}"


def check_slots(record):
    """A run by the schedule has one slot; a retry follows a failed attempt of the same slot."""
    slots = {row["run"]: row for row in record.slots if row["ending"] == "ran"}
    attempts = {(run["job"], run["scheduled_at"], run["attempt"]): run for run in record.runs.values()}
    for run in record.runs.values():
        if run["trigger_name"] in BY_SCHEDULE and run["id"] not in slots:
            yield f"no slot: {told(run)}"
        if run["attempt"] == 1:
            continue
        before = attempts.get((run["job"], run["scheduled_at"], run["attempt"] - 1))
        if before is None or before["outcome"] != FAILED or run["attempt"] > 1 + family_of(run["job"]).retries:
            yield f"no retry: {told(run)}"


def check_exclusion(record):
    for job, runs in record.runs_by_job().items():
        if not family_of(job).exclusive:
            continue
        for first, second in itertools.pairwise(sorted(runs, key=lambda run: run["started_at"])):
            if first["finished_at"] is None or first["finished_at"] > second["started_at"]:
                yield f"one beside another: {told(first)} | {told(second)}"
    for run, lines in record.diary.items():
        if any(words[0] == "overlap" for words in lines):
            yield f"the task met another run of its job: {run}: {lines}"


def check_diary(record):
    """What the store says of a run is what happened to it."""
    for run in record.diary.keys() - record.runs.keys():
        yield f"ran but is in no history: {record.diary[run]}"
    for run in record.runs.values():
        lines = record.diary.get(run["id"], [])
        begins = [words for words in lines if words[0] == "begin"]
        if len(begins) > 1:
            yield f"ran {len(begins)} times: {told(run)}: {lines}"
        elif not begins and (run["outcome"] != FAILED or not any(word in run["message"] for word in ENDED)):
            yield f"did not run: {told(run)}"
        elif begins and not agree(run, begins[0][6], lines):
            yield f"met {begins[0][6]}: {told(run)}"


def agree(run, trouble, lines):
    if run["outcome"] == SUCCEEDED:
        return trouble == "none" and lines[-1][0] == "end"
    if trouble == "none":
        return any(word in run["message"] for word in ENDED)
    return TELLS[trouble] in run["message"] or any(word in run["message"] for word in ENDED)


def check_causes(record):
    """Runs that a host left behind belong to a host that was killed; replaced ones to jobs that replace."""
    for run in record.runs.values():
        abandoned = "its process is gone" in run["message"]
        if abandoned and not record.was_down(run["started_at"], run["finished_at"], SECOND):
            yield f"abandoned though no host was killed: {told(run)}"
        if "replaced by" in run["message"] and family_of(run["job"]).overlap != "replace":
            yield f"replaced: {told(run)}"


CHECKS = {
    "each run has an end and no lock is left": check_ends,
    "each run has its slot, each retry its failure": check_slots,
    "no run of an exclusive job beside another": check_exclusion,
    "each run ran once and ended as its task says": check_diary,
    "each run that was ended has its cause": check_causes,
}
