"""The clock, struck at times of the test's own: what is due is queued, what was missed says so, what stays is kept."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from archive.errors import LeaseLost
from archive.index.catalog import Catalog
from crawler.portals.registry import Portal
from scheduler import ledger
from scheduler.calendar import next_crawl
from scheduler.clock import Clock

NEW_YEAR = datetime(2025, 1, 1, tzinfo=UTC)
AUTUMN = datetime(2025, 9, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def portal(name: str, cron: str | None = None) -> Portal:
    return Portal(id=name, name=name, home=f"http://{name}.example/", schedule=cron)


def free(_: Connection) -> None:
    pass


def started(catalog: Catalog, now: datetime, *portals: Portal) -> Clock:
    clock = Clock(catalog)
    clock.sync(portals, now)
    return clock


def strike(catalog: Catalog, clock: Clock, now: datetime) -> list[str]:
    """The portals whose runs are queued now; they are over by the next time."""
    clock.strike(now, free)
    with catalog.begin() as connection:
        rows = ledger.queued(connection)
        for row in rows:
            ledger.end_unstarted(connection, row["run"], state="finished", reason="")
    return [row["portals"][0] for row in rows]


def rows(catalog: Catalog) -> list[dict[str, Any]]:
    return list(ledger.list_runs(catalog, None))


def counted(catalog: Catalog, now: datetime, days: int) -> Counter[str]:
    clock = started(catalog, now, portal("a"), portal("b", "30 2 * * *"), portal("c", "0 3 * * mon"))
    times = (now + hours * timedelta(hours=6) for hours in range(4 * days + 1))
    return Counter(name for at in times for name in strike(catalog, clock, at))


def test_in_the_dense_weeks_a_portal_fires_daily(catalog: Catalog) -> None:
    assert counted(catalog, NEW_YEAR, 14) == {"a": 14, "b": 14, "c": 2}


def test_in_the_rest_of_the_year_it_fires_weekly(catalog: Catalog) -> None:
    assert counted(catalog, AUTUMN, 14) == {"a": 2, "b": 14, "c": 2}


def test_nothing_fires_before_it_is_due_and_then_it_fires_once(catalog: Catalog) -> None:
    clock, due = started(catalog, AUTUMN, portal("a")), next_crawl(AUTUMN, "a")
    told = [strike(catalog, clock, due + second * timedelta(seconds=1)) for second in (-1, 0, 1)]
    assert told == [[], ["a"], []]


def test_what_fell_due_several_times_while_no_scheduler_ran_is_run_once(catalog: Catalog) -> None:
    due = next_crawl(NEW_YEAR, "a")
    started(catalog, NEW_YEAR, portal("a"))
    later = started(catalog, due + 5 * DAY, portal("a"))
    assert strike(catalog, later, due + 5 * DAY) == ["a"]
    assert strike(catalog, later, due + 5 * DAY) == []
    assert strike(catalog, later, due + 6 * DAY) == ["a"]
    assert {row["state"] for row in rows(catalog)} == {"finished"}


@pytest.mark.parametrize(("late", "queued"), [(DAY, ["a"]), (DAY + timedelta(seconds=1), [])])
def test_a_crawl_is_at_most_a_day_late_or_a_row_says_that_it_was_missed(
    catalog: Catalog, late: timedelta, queued: list[str]
) -> None:
    due = next_crawl(AUTUMN, "a")
    started(catalog, AUTUMN, portal("a"))
    later = started(catalog, due + late, portal("a"))
    assert strike(catalog, later, due + late) == queued
    if not queued:
        (row,) = rows(catalog)
        assert (row["state"], row["cause"]) == ("skipped", "schedule")
        assert row["reason"] == f"missed: was due {due:%Y-%m-%dT%H:%M:%SZ}, no scheduler ran"
    assert strike(catalog, later, due + 7 * DAY) == ["a"]


def test_a_run_that_is_still_queued_is_not_queued_again_and_the_row_says_when_it_was_due(catalog: Catalog) -> None:
    clock = started(catalog, NEW_YEAR, portal("b", "30 2 * * *"))
    for day in (1, 2):
        clock.strike(NEW_YEAR + day * DAY, free)
    skipped, queued = rows(catalog)
    assert (skipped["state"], queued["state"]) == ("skipped", "queued")
    assert skipped["reason"] == f"run {queued['run']} is queued; due 2025-01-02T18:30:00Z"


def test_a_paused_portal_is_passed_over_in_silence_until_it_is_resumed(catalog: Catalog) -> None:
    clock = started(catalog, NEW_YEAR, portal("b", "30 2 * * *"))
    with catalog.begin() as connection:
        ledger.pause(connection, "b", "moved")
    assert strike(catalog, clock, NEW_YEAR + DAY) == rows(catalog) == []
    with catalog.begin() as connection:
        ledger.resume(connection, "b")
    assert strike(catalog, clock, NEW_YEAR + DAY) == []
    assert strike(catalog, clock, NEW_YEAR + 2 * DAY) == ["b"]


def test_a_leader_that_has_lost_its_lease_queues_nothing_and_the_job_stays_due(catalog: Catalog) -> None:
    def lost(_: Connection) -> None:
        raise LeaseLost("another leads")

    clock = started(catalog, NEW_YEAR, portal("b", "30 2 * * *"))
    with pytest.raises(LeaseLost):
        clock.strike(NEW_YEAR + DAY, lost)
    assert rows(catalog) == []
    assert strike(catalog, clock, NEW_YEAR + DAY) == ["b"]


def test_jobs_follow_the_registry_and_what_stays_as_it_was_keeps_its_time(catalog: Catalog) -> None:
    before = portal("same", "0 3 * * *"), portal("other", "0 3 * * *"), portal("gone", "0 3 * * *")
    started(catalog, NEW_YEAR, *before)
    after = portal("same", "0 3 * * *"), portal("other", "0 5 * * *"), portal("new")
    now = NEW_YEAR + 3 * DAY
    times = started(catalog, now, *after).next_runs(after, now)
    assert times == {
        "same": NEW_YEAR + timedelta(hours=19),
        "other": now + timedelta(hours=21),
        "new": next_crawl(now, "new"),
    }


def test_before_any_scheduler_ran_the_next_times_are_the_calendars(catalog: Catalog) -> None:
    portals = (portal("a"), portal("b", "0 3 * * *"))
    times = Clock(catalog).next_runs(portals, AUTUMN)
    assert times == {"a": next_crawl(AUTUMN, "a"), "b": AUTUMN + timedelta(hours=19)}
