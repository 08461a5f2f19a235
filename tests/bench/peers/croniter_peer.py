"""The next firings of croniter: next ZONE"""
import sys
from datetime import datetime
from zoneinfo import ZoneInfo

from croniter import croniter

from next_firing import measure


def chain(expression, start):
    firings = croniter(expression, start)
    return lambda previous: firings.get_next(datetime, start_time=previous)


measure(ZoneInfo(sys.argv[2]), chain)
