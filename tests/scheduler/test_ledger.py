"""The ledger: what is queued runs once, what is lost is queued again, what is left out says why."""

import threading
from collections import Counter
from typing import Any

from sqlalchemy import update

from archive.index.catalog import Catalog
from archive.index.schema import runs
from archive.lease import holder_of, take
from archive.runs import hear, take_up
from scheduler import ledger

LONG_AGO = "2000-01-01T00:00:00.000000Z"


def enqueue(catalog: Catalog, portal: str = "a", cause: str = "schedule") -> str | None:
    with catalog.begin() as connection:
        return ledger.enqueue(connection, portal, cause=cause)


def begin(catalog: Catalog, run: str) -> None:
    with catalog.begin() as connection:
        take_up(connection, run)
        take(connection, ["portal/a"], run, seconds=60)
        hear(connection, run, seconds=60)


def fall_silent(catalog: Catalog, run: str) -> list[dict[str, Any]]:
    with catalog.begin() as connection:
        connection.execute(update(runs).where(runs.c.run == run).values(heard_until=LONG_AGO))
        return ledger.sweep(connection)


def waiting(catalog: Catalog) -> list[dict[str, Any]]:
    with catalog.begin() as connection:
        return ledger.queued(connection)


def states(catalog: Catalog) -> Counter[str]:
    return Counter(row["state"] for row in ledger.list_runs(catalog, None))


def test_a_portal_is_queued_once_and_what_is_left_out_is_a_row_that_says_why(catalog: Catalog) -> None:
    run = enqueue(catalog)
    assert run
    assert enqueue(catalog) is None
    begin(catalog, run)
    assert enqueue(catalog) is None
    reasons = {row["reason"] for row in ledger.list_runs(catalog, "a") if row["state"] == "skipped"}
    assert reasons == {f"run {run} is queued", f"run {run} is running"}
    assert enqueue(catalog, "b")


def test_two_who_queue_one_portal_at_once_queue_it_once(catalog: Catalog) -> None:
    threads = [threading.Thread(target=enqueue, args=(catalog,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert states(catalog) == {"queued": 1, "skipped": 5}


def test_a_silent_run_is_lost_frees_its_portal_and_is_queued_again(catalog: Catalog) -> None:
    run = enqueue(catalog)
    assert run
    begin(catalog, run)
    assert [row["run"] for row in fall_silent(catalog, run)] == [run]
    with catalog.begin() as connection:
        assert holder_of(connection, "portal/a") is None
    ((again, tries),) = [(row["run"], row["tries"]) for row in waiting(catalog)]
    assert (again != run, tries) == (True, 2)
    assert fall_silent(catalog, run) == []
    assert len(waiting(catalog)) == 1


def test_a_run_that_is_heard_of_is_left_alone(catalog: Catalog) -> None:
    run = enqueue(catalog)
    assert run
    begin(catalog, run)
    with catalog.begin() as connection:
        assert ledger.sweep(connection) == []
    assert states(catalog) == {"running": 1}


def test_a_run_is_tried_three_times_and_then_left_lost(catalog: Catalog) -> None:
    enqueue(catalog)
    for _ in range(3):
        (row,) = waiting(catalog)
        begin(catalog, row["run"])
        fall_silent(catalog, row["run"])
    assert states(catalog) == {"lost": 3}


def test_a_lost_crawl_by_hand_is_not_repeated_by_itself(catalog: Catalog) -> None:
    run = enqueue(catalog, cause="crawl")
    assert run
    begin(catalog, run)
    fall_silent(catalog, run)
    assert waiting(catalog) == []


def test_a_run_that_could_not_begin_says_why_and_one_that_began_is_not_touched(catalog: Catalog) -> None:
    run, other = enqueue(catalog), enqueue(catalog, "b")
    assert run
    assert other
    begin(catalog, other)
    with catalog.begin() as connection:
        for one in (run, other):
            ledger.end_unstarted(connection, one, state="failed", reason="no such program")
        assert ledger.last_runs(connection)["a"]["reason"] == "no such program"
    assert states(catalog) == {"failed": 1, "running": 1}


def test_the_last_run_is_the_newest_that_was_not_skipped(catalog: Catalog) -> None:
    run = enqueue(catalog)
    enqueue(catalog)
    with catalog.reading() as connection:
        assert {portal: row["run"] for portal, row in ledger.last_runs(connection).items()} == {"a": run}


def test_a_pause_stands_until_it_is_resumed_and_the_newer_reason_counts(catalog: Catalog) -> None:
    with catalog.begin() as connection:
        ledger.pause(connection, "a", None)
        ledger.pause(connection, "a", "moved")
        assert {portal: row["reason"] for portal, row in ledger.paused(connection).items()} == {"a": "moved"}
        ledger.resume(connection, "a")
        assert ledger.paused(connection) == {}
