"""Launching: a crawl as a child process, in a session of its own and with a log of its own.

    started -> ends by itself, at its --max-seconds at the latest
            -> SIGTERM, a grace later                              (it seals and deposits)
            -> SIGKILL, another grace later                        (`recover` finishes what it left)

A crawl writes its own row of the ledger. Whoever launched it writes only how it ended where the crawl itself could not.
Children outlive their parent: killed, it leaves them at work, and their leases keep others from their portals.
"""

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, select

from archive.config import Config
from archive.errors import ArchiveError, CatalogError
from archive.index.catalog import Catalog, Row
from archive.index.schema import runs
from archive.lease import HOST
from archive.recover import recover
from archive.runs import lose
from archive.stores import open_stores
from scheduler import ledger

NIANBAO = str(Path(sys.executable).with_name("nianbao"))
GRACE = 60.0
LOOK_SECONDS = 0.1

log = logging.getLogger(__name__)


class Executor(Protocol):
    """Where queued runs go: processes of this machine, or workers on others."""

    def start(self, rows: Sequence[Row]) -> None:
        """Begins what is queued, as far as there is room."""

    def tick(self) -> None:
        """Looks after what has begun."""

    def stop(self) -> None:
        """Ends gracefully what has begun here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    run: str
    process: subprocess.Popen[bytes]
    log: Path

    def poll(self) -> int | None:
        return self.process.poll()

    def stop(self) -> None:
        """It seals and deposits what it has. Only once: Scrapy takes a second SIGTERM for an order to drop all."""
        self.process.terminate()

    def kill(self) -> None:
        """With all that it started: a browser must not stay."""
        if self.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)


def start_crawl(config: Config, portal: str, run: str, *, portals: Path | None, max_seconds: float) -> Child:
    """Raises OSError where there can be no such process, or no log of it."""
    path = config.home / "logs" / f"{run}.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    words = [NIANBAO, "crawl", portal, "--run", run, "--max-seconds", f"{max_seconds:g}"]
    words += ["--portals", str(portals)] if portals else []
    with path.open("ab") as out:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )
    return Child(run=run, process=process, log=path)


def finish_leftovers(config: Config) -> None:
    """Brings in what a crash has left in this machine's spool, now and not only when a crawl comes by."""
    try:
        with open_stores(config) as stores:
            done = recover(stores)
    except ArchiveError as exc:
        log.warning("%s: the next crawl tries again", exc)
    else:
        log.info("%d segments recovered, %d runs were lost", done.segments, len(done.runs))


def settle(connection: Connection, child: Child, *, killed: str | None = None, stopping: bool = False) -> None:
    """Writes into the ledger how an ended child's run ended, where the child did not. A run that another process has
    taken up is left to it, and one that we stopped before it began stays queued for whoever comes next."""
    row = connection.execute(select(runs.c.state, runs.c.host, runs.c.pid).where(runs.c.run == child.run)).one()
    reason = killed or f"its process ended {_how(child.process.returncode)}{_last_line(child.log)}"
    if row.state == "queued" and not stopping:
        ledger.end_unstarted(connection, child.run, state="failed", reason=reason)
    elif (row.state, row.host, row.pid) == ("running", HOST, child.process.pid):
        lose(connection, child.run, reason)


def _how(status: int) -> str:
    return f"with status {status}" if status >= 0 else f"by {signal.Signals(-status).name}"


def _last_line(path: Path) -> str:
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - 1000))
        lines = file.read().decode(errors="replace").split("\n")
    said = [line.strip() for line in lines if line.strip()]
    return f": {said[-1]}" if said else ""


@dataclass(slots=True, kw_only=True)
class _Watched:
    child: Child
    stop_at: float
    asked: bool = False
    killed: str | None = None


class LocalExecutor:
    """At most `processes` children at once."""

    def __init__(
        self,
        config: Config,
        catalog: Catalog,
        *,
        portals: Path | None,
        processes: int,
        max_seconds: float,
        grace: float = GRACE,
    ) -> None:
        self._config, self._catalog, self._portals = config, catalog, portals
        self._processes, self._max_seconds, self._grace = processes, max_seconds, grace
        self._watched: dict[str, _Watched] = {}
        self._stopping = False

    @property
    def under_way(self) -> frozenset[str]:
        """The runs that have begun here, and whose end is not told yet."""
        return frozenset(self._watched)

    def start(self, rows: Sequence[Row]) -> None:
        for row in rows:
            if len(self._watched) >= self._processes:
                return
            # One that was started a moment ago is queued until it has taken its run up.
            if row["run"] not in self._watched:
                self._begin(row["portals"][0], row["run"])

    def tick(self) -> None:
        for watched in list(self._watched.values()):
            self._hurry(watched)
            if watched.child.poll() is not None:
                self._end(watched)

    def stop(self) -> None:
        """Waits for the children: the grace, and as long again for those that had to be killed."""
        self._stopping = True
        for watched in self._watched.values():
            watched.stop_at = 0
        pause, last = threading.Event(), time.monotonic() + 2 * self._grace
        while self._watched and time.monotonic() < last:
            try:
                self.tick()
            except CatalogError as exc:
                log.warning("%s", exc)
            pause.wait(LOOK_SECONDS)

    def _begin(self, portal: str, run: str) -> None:
        try:
            child = start_crawl(self._config, portal, run, portals=self._portals, max_seconds=self._max_seconds)
        except OSError as exc:
            with self._catalog.begin() as connection:
                ledger.end_unstarted(connection, run, state="failed", reason=f"could not start: {exc}")
            return
        log.info("run %s of %s begins; log: %s", run, portal, child.log)
        stop_at = time.monotonic() + self._max_seconds + self._grace
        self._watched[run] = _Watched(child=child, stop_at=stop_at)

    def _hurry(self, watched: _Watched) -> None:
        now = time.monotonic()
        if not watched.asked and now >= watched.stop_at:
            watched.asked, watched.stop_at = True, now
            watched.child.stop()
        elif watched.asked and not watched.killed and now >= watched.stop_at + self._grace:
            watched.killed = f"killed: it did not end within {self._grace:g} s of being told to"
            watched.child.kill()

    def _end(self, watched: _Watched) -> None:
        child = watched.child
        with self._catalog.begin() as connection:
            settle(connection, child, killed=watched.killed, stopping=self._stopping)
        del self._watched[child.run]  # after the commit: while the catalog is away, it is told at a later tick
        log.info("run %s ended %s", child.run, _how(child.process.returncode))
