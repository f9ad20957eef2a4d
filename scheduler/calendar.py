"""The calendar: when a portal is crawled next.

    statutory   daily 1 January to 10 February and 20 March to 5 April, weekly in the rest of the year: around the days
                by which the law wants departments' reports (31 January) and governments' (31 March) published
    cron        five fields: minute hour day month weekday

Both think in Asia/Shanghai. A portal's minute of the night, and its day of the week, follow from its id alone: portals
do not all begin at once, and none moves when another joins.
"""

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Any

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.combining import OrTrigger
from apscheduler.triggers.cron import CronTrigger

from archive.errors import ConfigError
from archive.reports.season import SHANGHAI, is_dense
from crawler.portals.registry import CRON_FIELDS, Portal

STATUTORY = "statutory"
NIGHT_BEGINS, NIGHT_MINUTES = 60, 300  # 01:00 to 05:59
LONGEST_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def next_crawl(after: datetime, portal: str) -> datetime:
    """The statutory calendar's first time after `after`; UTC."""
    number = int.from_bytes(hashlib.sha256(portal.encode()).digest()[:8])
    weekday, minute = number // NIGHT_MINUTES % 7, NIGHT_BEGINS + number % NIGHT_MINUTES
    at = time(minute // 60, minute % 60, tzinfo=SHANGHAI)
    first = after.astimezone(SHANGHAI).date()
    nights = (datetime.combine(first + timedelta(days=n), at) for n in range(8))
    return next(night.astimezone(UTC) for night in nights if night > after and _is_crawled(night, weekday))


def _is_crawled(night: datetime, weekday: int) -> bool:
    return night.weekday() == weekday or is_dense(night.date())


class StatutoryTrigger(BaseTrigger):  # type: ignore[misc]  # APScheduler has no types
    """`next_crawl` as APScheduler asks for it. A job store pickles it."""

    def __init__(self, portal: str) -> None:
        self.portal = portal

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        return next_crawl(previous_fire_time or now, self.portal)


def schedule_of(portal: Portal) -> str:
    """As an operator reads it: `statutory`, or the cron text."""
    return portal.schedule or STATUTORY


def trigger_of(portal: Portal) -> BaseTrigger:
    """Raises ConfigError for a cron that names no day there is: it would never fire."""
    if portal.schedule is None:
        return StatutoryTrigger(portal.id)
    minutes, hours, days, months, weekdays = map(_values, portal.schedule.lower().split(), CRON_FIELDS)
    _, _, by_day, _, by_weekday = (not field.startswith("*") for field in portal.schedule.split())
    if min(days) > max(LONGEST_MONTH[month - 1] for month in months):
        raise ConfigError(f"portal {portal.id!r}: schedule: {portal.schedule!r} names no day that there is")
    if not (by_day and by_weekday):
        return _cron(minutes, hours, months, days=days, weekdays=weekdays)
    # crontab(5): where both are restricted, a day is meant that is one or the other. APScheduler wants both.
    on_days = _cron(minutes, hours, months, days=days)
    return OrTrigger([on_days, _cron(minutes, hours, months, weekdays=weekdays)])


def _values(field: str, bounds: tuple[int, int, Sequence[str]]) -> list[int]:
    """The numbers that a field of a valid cron stands for. APScheduler reads steps and names otherwise than cron."""
    return sorted({value for item in field.split(",") for value in _span(item, *bounds)})


def _span(item: str, least: int, most: int, names: Sequence[str]) -> range:
    span, _, step = item.partition("/")
    ends = [least + names.index(end) if end in names else int(end) for end in span.split("-") if end != "*"]
    first = ends[0] if ends else least
    last = ends[-1] if ends and (len(ends) == 2 or not step) else most
    return range(first, last + 1, int(step or 1))


def _cron(
    minutes: list[int],
    hours: list[int],
    months: list[int],
    *,
    days: list[int] | None = None,
    weekdays: list[int] | None = None,
) -> BaseTrigger:
    named: dict[str, Any] = {"minute": minutes, "hour": hours, "month": months, "day": days}
    # APScheduler's week begins with Monday as 0; cron's with Sunday, as 0 and as 7.
    named["day_of_week"] = weekdays and sorted({(day - 1) % 7 for day in weekdays})
    fields = {name: ",".join(map(str, values)) for name, values in named.items() if values}
    return CronTrigger(**fields, timezone=SHANGHAI)
