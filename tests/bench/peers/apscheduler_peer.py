"""What APScheduler is asked to do: lateness SECONDS | many JOBS MONTH | herd JOBS AT | next ZONE"""
import sys
import threading
import time
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger

from next_firing import measure


def no_op():
    pass


def lateness(seconds):
    starts = []

    def task():
        now = time.time_ns()
        starts.append(now)

    scheduler = BackgroundScheduler(timezone=timezone.utc)
    scheduler.add_job(task, "cron", second="*")
    scheduler.start()
    time.sleep(seconds)
    scheduler.shutdown()
    print(*starts, sep="\n")


def many(jobs, month):
    scheduler = BackgroundScheduler(timezone=timezone.utc)
    for i in range(jobs):
        scheduler.add_job(no_op, "cron", minute=i % 60, hour=i % 24, day=1 + i % 28, month=month)
    scheduler.start()
    print("ready", flush=True)
    threading.Event().wait()


def herd(jobs, at):
    lock = threading.Lock()
    done = threading.Event()
    started = last = 0

    def task():
        nonlocal started, last
        late = time.time() - at
        with lock:
            started += 1
            last = max(last, late)
            if started == jobs:
                done.set()

    slot = datetime.fromtimestamp(at, timezone.utc)
    # With the default grace of one second it would drop most of them.
    scheduler = BackgroundScheduler(timezone=timezone.utc, job_defaults={"misfire_grace_time": None})
    for _ in range(jobs):
        scheduler.add_job(task, "cron", hour=slot.hour, minute=slot.minute, second=slot.second)
    scheduler.start()
    if time.time() >= at:
        sys.exit("the jobs were loaded too late")
    done.wait(at + 60 - time.time())
    print(started, round(last * 1000, 1))


def next_firing(zone_name):
    zone = ZoneInfo(zone_name)

    def chain(expression, start):
        trigger = CronTrigger.from_crontab(expression, timezone=zone)
        return lambda previous: trigger.get_next_fire_time(previous, previous)

    measure(zone, chain)


def main(mode, *arguments):
    if mode == "lateness":
        lateness(int(arguments[0]))
    elif mode == "many":
        many(int(arguments[0]), arguments[1])
    elif mode == "herd":
        herd(int(arguments[0]), int(arguments[1]))
    elif mode == "next":
        next_firing(arguments[0])


main(*sys.argv[1:])
