"""Runs: a row from the queue to the end, taken up once, and lost once."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from archive.errors import ConfigError
from archive.index.schema import portal_runs, problems, runs
from archive.lease import holder_of, take
from archive.runs import Problem, alive, begin_run, lose, lose_runs, new_run, take_up
from archive.stores import Stores

RUN = new_run(datetime(2026, 1, 2, tzinfo=UTC))
Note = Callable[[Problem], None]


def begin(stores: Stores, **more: object) -> None:
    with stores.catalog.begin() as connection:
        begin_run(connection, RUN, ["a", "b"], **more)


def row(stores: Stores) -> dict[str, object]:
    return next(stores.catalog.rows(select(runs)))


def problem(detail: str) -> Problem:
    return Problem(kind="robots", portal="a", url=None, detail=detail, at="")


def die(stores: Stores, *told: str) -> None:
    """Leaves what a killed run leaves in the spool: its lock, with what it told of, the last line torn."""
    with alive(stores.spool, RUN) as note:
        for detail in told:
            note(problem(detail))
        left = (stores.spool / f"{RUN}.lock").read_bytes()
    (stores.spool / f"{RUN}.lock").write_bytes(left + b'{"kind": "to')


def test_a_queued_run_is_taken_up_once(stores: Stores) -> None:
    begin(stores, state="queued", cause="schedule")
    with stores.catalog.begin() as connection:
        take_up(connection, RUN)
    assert row(stores)["state"] == "running"
    assert row(stores)["started_at"] > row(stores)["queued_at"]
    with (
        pytest.raises(ConfigError, match=f"--run: '{RUN}' is running; allowed: a run that is queued"),
        stores.catalog.begin() as connection,
    ):
        take_up(connection, RUN)


def test_a_run_that_nobody_queued_is_refused(stores: Stores) -> None:
    with (
        pytest.raises(ConfigError, match="'x' is not known; allowed: a run that is queued"),
        stores.catalog.begin() as connection,
    ):
        take_up(connection, "x")


def test_a_run_is_found_by_each_of_its_portals(stores: Stores) -> None:
    begin(stores)
    assert [found["portal"] for found in stores.catalog.rows(select(portal_runs))] == ["a", "b"]


def test_a_dead_run_is_lost_with_its_problems_and_frees_its_portals(stores: Stores) -> None:
    begin(stores)
    with stores.catalog.begin() as connection:
        take(connection, ["portal/a"], RUN, seconds=60)
    die(stores, "one", "two")
    assert lose_runs(stores.catalog, stores.spool) == (RUN,)
    assert row(stores)["state"] == "lost"
    assert [told["detail"] for told in stores.catalog.rows(select(problems))] == ["one", "two"]
    with stores.catalog.reading() as connection:
        assert holder_of(connection, "portal/a") is None
    assert list(stores.spool.iterdir()) == []


def test_a_run_that_others_gave_up_still_tells_of_its_problems_once(stores: Stores) -> None:
    begin(stores)
    with stores.catalog.begin() as connection:
        assert lose(connection, RUN, "not heard of")
        assert not lose(connection, RUN, "again")
    for _ in range(2):  # killed between the commit and the removal of the lock
        die(stores, "one")
        lose_runs(stores.catalog, stores.spool)
    assert [told["detail"] for told in stores.catalog.rows(select(problems))] == ["one"]
    assert row(stores)["reason"] == "not heard of"


def test_a_run_that_ended_is_not_lost_though_its_lock_was_left(stores: Stores) -> None:
    begin(stores)
    with stores.catalog.begin() as connection:
        connection.execute(update(runs).values(state="finished"))
    die(stores, "one")
    lose_runs(stores.catalog, stores.spool)
    assert row(stores)["state"] == "finished"
    assert list(stores.catalog.rows(select(problems))) == []
