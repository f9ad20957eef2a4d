"""Runs: one row a crawl, with its state, its problems and its summary. Operational: no segment says all of it.

queued -> running -> finished | stopped | failed     ended by itself
       |          -> lost                            its process died: seen by its lock here, by its silence elsewhere
       -> skipped | failed                           never began, and the row says why

A living run holds the lock RUN.lock in the spool, and notes its problems in that file, a line of JSON each. A lock that
nobody holds was left by a run that is lost: that must show, with its problems, even if the process died when none of
its segments stood there. On other machines a run is known to live by `heard_until`, which it renews with its leases.
"""

import os
import re
import secrets
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, insert, select, update

from archive.capture.compose import warc_date
from archive.capture.segment import lock_writer, spool_errors
from archive.errors import ConfigError, SpoolError
from archive.index.catalog import Catalog, Row
from archive.index.schema import portal_runs, problems, publications, runs, versions
from archive.lease import HOST, free_all, utc_now

RUN = re.compile(r"\d{14}-[0-9a-f]{8}")


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """One skipped, refused, blocked or failed thing (I9). `kind` is a short stable word."""

    kind: str
    portal: str | None
    url: str | None
    detail: str
    at: str


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """What `crawl --json` prints. `outcome`: finished, stopped, failed, or skipped: others crawl all its portals."""

    run: str
    outcome: str
    portals: list[str]
    fetches: int
    captures: int
    revisits: int
    reports_new: int = 0
    reports_changed: int = 0
    reports_unchanged: int = 0
    bytes_wire: int
    bytes_stored: int
    seconds: float
    problems: list[Problem]


def new_run(now: datetime) -> str:
    """A name that sorts by time: second, microsecond in hexadecimal digits, chance."""
    return f"{now:%Y%m%d%H%M%S}-{now.microsecond:05x}{secrets.token_hex(2)[:3]}"


@contextmanager
def alive(spool: Path, run: str) -> Iterator[Callable[[Problem], None]]:
    """Holds the run's lock; gives what notes a problem there (raises SpoolError). Removes the lock only if all went
    well, so that `lose_runs` finds a run that could not end."""
    lock = lock_writer(spool, run)
    if lock is None:  # a fresh name has no other holder
        raise SpoolError(f"spool {spool}: run {run} is another process's")
    path = Path(str(lock.name))

    def note(problem: Problem) -> None:
        with spool_errors(path):
            lock.write(msgspec.json.encode(problem) + b"\n")

    with closing(lock):
        yield note
        path.unlink(missing_ok=True)


def begin_run(
    connection: Connection,
    run: str,
    portals: Sequence[str],
    *,
    cause: str = "crawl",
    state: str = "running",
    **more: Any,
) -> None:
    """A new row; `state`: running, queued, or skipped with a `reason`."""
    at = {"running": "started_at", "queued": "queued_at", "skipped": "ended_at"}[state]
    row = {"run": run, "portals": list(portals), "cause": cause, "state": state, "tries": 1, at: _now(connection)}
    where = {"host": HOST, "pid": os.getpid()} if state == "running" else {}
    connection.execute(insert(runs).values({**row, **where, **more}))
    named = [{"portal": portal, "run": run} for portal in dict.fromkeys(portals)]
    if named:
        connection.execute(insert(portal_runs), named)


def take_up(connection: Connection, run: str) -> None:
    """A queued run begins in this process. Raises ConfigError if it is not queued: nothing is run twice."""
    begun = {"state": "running", "started_at": _now(connection), "host": HOST, "pid": os.getpid()}
    waiting = and_(runs.c.run == run, runs.c.state == "queued")
    if not connection.execute(update(runs).where(waiting).values(begun)).rowcount:
        state = connection.scalar(select(runs.c.state).where(runs.c.run == run)) or "not known"
        raise ConfigError(f"--run: {run!r} is {state}; allowed: a run that is queued")


def hear(connection: Connection, run: str, *, seconds: float) -> None:
    """The run lives, and will be heard of again within so many seconds."""
    until = warc_date(utc_now(connection) + timedelta(seconds=seconds))
    connection.execute(update(runs).where(runs.c.run == run).values(heard_until=until))


def lose(connection: Connection, run: str, reason: str) -> bool:
    """The run's process is dead: says so, and frees its portals. False if the run had ended already."""
    dead = and_(runs.c.run == run, runs.c.state == "running")
    ended = {"state": "lost", "ended_at": _now(connection), "reason": reason}
    lost = connection.execute(update(runs).where(dead).values(ended)).rowcount
    if lost:
        free_all(connection, run)
    return bool(lost)


def _now(connection: Connection) -> str:
    return warc_date(utc_now(connection))


def lose_runs(catalog: Catalog, spool: Path) -> tuple[str, ...]:
    """Says of the runs whose process died that they are lost; gives them."""
    return tuple(
        path.stem for path in sorted(spool.glob("*.lock")) if RUN.fullmatch(path.stem) and _lose(catalog, path)
    )


def _lose(catalog: Catalog, path: Path) -> bool:
    lock = lock_writer(path.parent, path.stem)
    if lock is None:
        return False
    with closing(lock):
        with catalog.begin() as connection:
            lose(connection, path.stem, f"its process died on {HOST}")
            if _is_untold(connection, path.stem):
                _tell(connection, path.stem, _noted(path))
        path.unlink(missing_ok=True)  # after the commit: killed between, it is found again
    return True


def _is_untold(connection: Connection, run: str) -> bool:
    """A run that ended told of its problems itself, and one that was lost must not be told of twice."""
    state = connection.scalar(select(runs.c.state).where(runs.c.run == run))
    return state == "lost" and connection.scalar(select(problems.c.id).where(problems.c.run == run).limit(1)) is None


def _noted(path: Path) -> Iterator[Problem]:
    for line in path.read_bytes().splitlines():
        with suppress(msgspec.DecodeError):  # the last line may be torn
            yield msgspec.json.decode(line, type=Problem)


def _tell(connection: Connection, run: str, told: Iterable[Problem]) -> None:
    if rows := [{"run": run, **msgspec.to_builtins(problem)} for problem in told]:
        connection.execute(insert(problems), rows)


def end_run(connection: Connection, summary: Summary) -> Summary:
    """Writes the run's end and its problems; gives the summary with the reports counted."""
    counted = msgspec.structs.replace(summary, **_reports(connection, summary))
    _tell(connection, summary.run, summary.problems)
    ended: dict[str, Any] = {"state": summary.outcome, "ended_at": _now(connection)}
    if summary.outcome == "skipped":
        ended["reason"] = "; ".join(problem.detail for problem in summary.problems)
    numbers = {name: value for name, value in msgspec.to_builtins(counted).items() if name != "problems"}
    connection.execute(update(runs).where(runs.c.run == summary.run).values(**ended, summary=numbers))
    return counted


def _reports(connection: Connection, summary: Summary) -> dict[str, int]:
    issued = connection.execute(
        select(versions.c.report, versions.c.version).where(versions.c.run == summary.run)
    ).all()
    own = publications.c.canonical & publications.c.portal.in_(summary.portals)
    known = set(connection.scalars(select(publications.c.report).where(own)))
    new = {row.report for row in issued if row.version == 1}
    changed = {row.report for row in issued} - new
    return {
        "reports_new": len(new),
        "reports_changed": len(changed),
        "reports_unchanged": len(known - new - changed),
    }


PROBLEM_KEYS = ("run", "portal", "kind", "url", "detail", "at")


def list_problems(catalog: Catalog, *, run: str | None, portal: str | None) -> Iterator[Row]:
    """In the order in which they came."""
    question = select(problems).order_by(problems.c.id)
    if run:
        question = question.where(problems.c.run == run)
    if portal:
        question = question.where(problems.c.portal == portal)
    return catalog.rows(question)
