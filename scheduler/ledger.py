"""The ledger: the runs that are asked for, and what became of them; rows of the archive's `runs`, one portal each.

enqueue -> queued -> (a crawl takes it up) running -> finished | stopped | failed
   |                                          +-----> lost -> queued again, three times at most
   +--> skipped: the portal's run before is queued or running still
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, and_, delete, func, insert, select, update

from archive.capture.compose import warc_date
from archive.index.catalog import Catalog, Row, alone
from archive.index.schema import portal_runs, runs, schedules
from archive.lease import utc_now
from archive.runs import begin_run, lose, new_run

MOST_TRIES = 3
SCHEDULE, NOW = "schedule", "now"
RUN_KEYS = ("run", "portals", "cause", "state", "reason", "tries", "host", "queued_at", "started_at", "ended_at")


def enqueue(
    connection: Connection, portal: str, *, cause: str, due: datetime | None = None, tries: int = 1
) -> str | None:
    """Queues a run; gives it. None where one is queued or running: then a row `skipped` says so."""
    alone(connection, "ledger")
    active = connection.execute(_of(portal).where(runs.c.state.in_(["queued", "running"])).limit(1)).first()
    if active:
        skip(connection, portal, cause=cause, reason=f"run {active.run} is {active.state}{_was_due(due)}")
        return None
    run = new_run(utc_now(connection))
    begin_run(connection, run, [portal], cause=cause, state="queued", tries=tries)
    return run


def skip(connection: Connection, portal: str, *, cause: str, reason: str) -> str:
    """A row for a run that will not be (I9)."""
    run = new_run(utc_now(connection))
    begin_run(connection, run, [portal], cause=cause, state="skipped", reason=reason)
    return run


def queued(connection: Connection) -> list[Row]:
    """Oldest first."""
    waiting = select(runs).where(runs.c.state == "queued").order_by(runs.c.queued_at, runs.c.run)
    return _rows(connection, waiting)


def end_unstarted(connection: Connection, run: str, *, state: str, reason: str) -> None:
    """A queued run that could not begin; one that has begun is left alone."""
    ended = {"state": state, "reason": reason, "ended_at": warc_date(utc_now(connection))}
    connection.execute(update(runs).where(runs.c.run == run, runs.c.state == "queued").values(ended))


def sweep(connection: Connection) -> list[Row]:
    """Says of runs that were not heard of in time that they are lost; gives them. Queues again what the schedule or an
    operator asked for and was lost, by this sweep or otherwise."""
    alone(connection, "ledger")
    now = warc_date(utc_now(connection))
    silent = _rows(connection, select(runs).where(runs.c.state == "running", runs.c.heard_until < now))
    lost = [row for row in silent if lose(connection, row["run"], f"not heard of after {row['heard_until']}")]
    for row in _to_repeat(connection):
        enqueue(connection, row["portals"][0], cause=row["cause"], tries=row["tries"] + 1)
    return lost


def _to_repeat(connection: Connection) -> list[Row]:
    """Lost runs after which their portal had no other one: a skipped one was none."""
    earlier, later = portal_runs.alias("earlier"), portal_runs.alias("later")
    begun = runs.alias("begun")
    after = (
        select(later.c.run)
        .join(earlier, earlier.c.portal == later.c.portal)
        .join(begun, begun.c.run == later.c.run)
        .where(earlier.c.run == runs.c.run, later.c.run > runs.c.run, begun.c.state != "skipped")
    )
    asked = and_(runs.c.cause.in_([SCHEDULE, NOW]), runs.c.tries < MOST_TRIES)
    return _rows(connection, select(runs).where(runs.c.state == "lost", asked, ~after.exists()))


def list_runs(catalog: Catalog, portal: str | None) -> Iterator[Row]:
    """Newest first."""
    return catalog.rows((_of(portal) if portal else select(runs)).order_by(runs.c.run.desc()))


def last_runs(connection: Connection) -> dict[str, Row]:
    """By portal, the newest run that was not skipped."""
    newest = (
        select(portal_runs.c.portal, func.max(runs.c.run).label("run"))
        .join(runs, runs.c.run == portal_runs.c.run)
        .where(runs.c.state != "skipped")
        .group_by(portal_runs.c.portal)
        .subquery()
    )
    question = select(newest.c.portal, runs).join(runs, runs.c.run == newest.c.run)
    return {row["portal"]: row for row in _rows(connection, question)}


def paused(connection: Connection) -> dict[str, Row]:
    return {row["portal"]: row for row in _rows(connection, select(schedules))}


def pause(connection: Connection, portal: str, reason: str | None) -> None:
    """Again is no error: the newer reason stands."""
    resume(connection, portal)
    row = {"portal": portal, "paused_at": warc_date(utc_now(connection)), "reason": reason}
    connection.execute(insert(schedules).values(row))


def resume(connection: Connection, portal: str) -> None:
    connection.execute(delete(schedules).where(schedules.c.portal == portal))


def _of(portal: str) -> Select[Any]:
    return select(runs).join(portal_runs, portal_runs.c.run == runs.c.run).where(portal_runs.c.portal == portal)


def _rows(connection: Connection, question: Select[Any]) -> list[Row]:
    return [dict(row) for row in connection.execute(question).mappings()]


def _was_due(due: datetime | None) -> str:
    return f"; due {due:%Y-%m-%dT%H:%M:%SZ}" if due else ""
