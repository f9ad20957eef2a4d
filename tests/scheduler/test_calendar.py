"""The calendar: tables of days around every edge, and what holds for any day and portal."""

import pickle
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.errors import ConfigError
from archive.reports.season import SHANGHAI, is_dense
from crawler.portals.registry import Portal
from scheduler.calendar import StatutoryTrigger, next_crawl, trigger_of

PORTALS = ("songjiang", "pudong", "a", "b-2", "0")
TIMES = st.datetimes(datetime(2008, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
IDS = st.from_regex(r"[a-z0-9-]{1,40}", fullmatch=True)


def nights(portal: str, first: str, last: str) -> list[str]:
    """The days on which the portal is crawled, as Shanghai counts them."""
    at = datetime.fromisoformat(first).replace(tzinfo=SHANGHAI)
    days = []
    while (at := next_crawl(at, portal)).astimezone(SHANGHAI).date() <= date.fromisoformat(last):
        days.append(f"{at.astimezone(SHANGHAI):%m-%d}")
    return days


@pytest.mark.parametrize(
    ("day", "dense"),
    [
        ("2024-12-31", False), ("2025-01-01", True), ("2025-02-10", True), ("2025-02-11", False),
        ("2025-03-19", False), ("2025-03-20", True), ("2025-04-05", True), ("2025-04-06", False),
        ("2024-02-29", False), ("2025-07-01", False), ("2025-12-31", False),
    ],
)  # fmt: skip
def test_the_edges_of_the_dense_weeks(day: str, dense: bool) -> None:
    assert is_dense(date.fromisoformat(day)) is dense


@pytest.mark.parametrize("portal", PORTALS)
def test_a_portal_is_crawled_every_night_of_the_dense_weeks(portal: str) -> None:
    for first, last, count in (("2025-01-01", "2025-02-10", 41), ("2024-03-20", "2024-04-05", 17)):
        assert len(nights(portal, first, last)) == len(set(nights(portal, first, last))) == count


@pytest.mark.parametrize("portal", PORTALS)
@pytest.mark.parametrize(
    ("first", "last"), [("2025-04-06", "2025-12-31"), ("2024-02-11", "2024-03-19"), ("2025-02-11", "2025-03-19")]
)
def test_in_the_rest_of_the_year_it_is_crawled_once_a_week_on_its_own_day(portal: str, first: str, last: str) -> None:
    days = [date.fromisoformat(f"{first[:4]}-{day}") for day in nights(portal, first, last)]
    weekday = days[0].weekday()
    assert {day.weekday() for day in days} == {weekday}
    assert {(later - day).days for day, later in pairwise(days)} == {7}
    assert (days[0] - date.fromisoformat(first)).days < 7


def test_the_year_turns_into_dense_weeks_and_a_leap_day_is_a_day_like_others() -> None:
    assert nights("songjiang", "2024-12-27", "2025-01-03")[-3:] == ["01-01", "01-02", "01-03"]
    thursday = next(name for name in map(str, range(99)) if nights(name, "2024-02-22", "2024-02-22"))
    assert nights(thursday, "2024-02-20", "2024-03-08") == ["02-22", "02-29", "03-07"]


@given(TIMES, IDS)
def test_the_next_crawl_is_later_within_a_week_at_night_and_always_the_same(after: datetime, portal: str) -> None:
    then = next_crawl(after, portal)
    assert then == next_crawl(after, portal)
    assert timedelta(0) < then - after <= timedelta(days=7)
    assert then.utcoffset() == timedelta(0)
    assert 1 <= then.astimezone(SHANGHAI).hour <= 5


@given(TIMES, IDS)
def test_within_the_dense_weeks_no_day_passes_without_a_crawl(after: datetime, portal: str) -> None:
    if is_dense(after.astimezone(SHANGHAI).date()) and is_dense(
        (after + timedelta(days=1)).astimezone(SHANGHAI).date()
    ):
        assert next_crawl(after, portal) - after <= timedelta(days=1)


@given(TIMES, IDS)
def test_no_time_between_is_left_out(after: datetime, portal: str) -> None:
    then = next_crawl(after, portal)
    assert next_crawl(then - timedelta(microseconds=1), portal) == then
    assert next_crawl(after + (then - after) / 2, portal) == then


def test_portals_are_spread_over_the_week_and_the_night() -> None:
    begins = [next_crawl(datetime(2025, 7, 1, tzinfo=UTC), f"portal-{n}") for n in range(700)]
    by_weekday = [sum(begin.weekday() == day for begin in begins) for day in range(7)]
    assert min(by_weekday) > 60
    assert len({(begin.hour, begin.minute) for begin in begins}) > 200


@pytest.mark.parametrize(
    ("cron", "fires"),
    [
        ("30 2 * * *", ["Tue 24 02:30", "Wed 25 02:30", "Thu 26 02:30"]),
        ("0 1 * * 0", ["Sun 29 01:00", "Sun 06 01:00", "Sun 13 01:00"]),
        ("0 1 * * 7", ["Sun 29 01:00", "Sun 06 01:00", "Sun 13 01:00"]),
        ("0 1 * * 1", ["Mon 30 01:00", "Mon 07 01:00", "Mon 14 01:00"]),
        ("0 1 * * SUN,wed", ["Wed 25 01:00", "Sun 29 01:00", "Wed 02 01:00"]),
        ("0 1 * * 5-7", ["Fri 27 01:00", "Sat 28 01:00", "Sun 29 01:00"]),
        ("0 1 * * */6", ["Sat 28 01:00", "Sun 29 01:00", "Sat 05 01:00"]),
        ("5/25 8 * * *", ["Mon 23 08:05", "Mon 23 08:30", "Mon 23 08:55"]),
        ("*/99 9 * * *", ["Mon 23 09:00", "Tue 24 09:00", "Wed 25 09:00"]),
        ("0 0 1 jan-dec/6 *", ["Fri 01 00:00", "Thu 01 00:00", "Sat 01 00:00"]),
        ("0 3 13 * 5", ["Fri 27 03:00", "Fri 04 03:00", "Fri 11 03:00"]),  # or: the 13th is the next, a Sunday
        ("0 3 25 * fri", ["Wed 25 03:00", "Fri 27 03:00", "Fri 04 03:00"]),
        ("0 3 */2 * mon", ["Mon 07 03:00", "Mon 21 03:00", "Mon 11 03:00"]),  # and: a star leaves the day open
        ("0 0 29 2 *", ["Tue 29 00:00", "Sun 29 00:00", "Fri 29 00:00"]),
    ],
)
def test_cron_fires_as_crontab_says_in_shanghais_time(cron: str, fires: list[str]) -> None:
    trigger = pickle.loads(pickle.dumps(trigger_of(portal_with(cron))))
    at = datetime(2026, 11, 23, 8, tzinfo=SHANGHAI)  # a Monday
    told = []
    for _ in fires:
        at = trigger.get_next_fire_time(None, at + timedelta(seconds=1))
        told.append(f"{at.astimezone(SHANGHAI):%a %d %H:%M}")
    assert told == fires


@pytest.mark.parametrize("cron", ["0 0 30 2 *", "0 0 31 4,6,9,11 *"])
def test_a_cron_that_names_no_day_there_is_is_refused(cron: str) -> None:
    with pytest.raises(ConfigError, match=r"portal 'x': schedule: '0 0 3. .* \*' names no day that there is"):
        trigger_of(portal_with(cron))


def test_without_a_cron_the_statutory_calendar_holds_and_outlives_pickling() -> None:
    trigger = pickle.loads(pickle.dumps(trigger_of(portal_with(None))))
    now = datetime(2026, 11, 23, tzinfo=UTC)
    assert isinstance(trigger, StatutoryTrigger)
    first = trigger.get_next_fire_time(None, now)
    assert (first, trigger.get_next_fire_time(first, now)) == (next_crawl(now, "x"), next_crawl(first, "x"))


def portal_with(cron: str | None) -> Portal:
    return Portal(id="x", name="x", home="http://x.example/", schedule=cron)
