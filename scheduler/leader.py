"""The leader: of all scheduler processes on a catalog the one that holds the lease `scheduler`. The others stand by.

    stands by --takes the lease--> leads --loses it, or resigns--> stands by

A tick of the leader: jobs follow the registry -> what is due is queued -> what was lost is queued again -> what is
queued is started. A process that leads no more still sees to the end of what it has started.
"""

import logging
import os
from datetime import datetime

from archive.config import Config
from archive.errors import CatalogError, LeaseLost
from archive.index.catalog import Catalog
from archive.lease import HOST, Keeper, give_up, take
from scheduler import ledger
from scheduler.clock import Clock
from scheduler.launch import Executor
from scheduler.roster import Roster

NAME = "scheduler"
HOLDER = f"scheduler-{os.getpid()}"

log = logging.getLogger(__name__)


class Leader:
    def __init__(self, config: Config, catalog: Catalog, roster: Roster, executor: Executor) -> None:
        self._catalog, self._roster, self._executor = catalog, roster, executor
        self._seconds = config.lease_seconds
        self._clock = Clock(catalog)
        self._in_step = False  # whether the clock's jobs are those of the roster
        self._keeper: Keeper | None = None
        self._said = ""

    def tick(self, now: datetime) -> None:
        """What fails is logged, and done at a later tick."""
        try:
            self._executor.tick()
            if keeper := self._kept():
                self._lead(keeper, now)
                self._say(f"{HOLDER} on {HOST} leads")
        except LeaseLost as exc:
            self._say(f"{exc}: standing by")
            self._stand_by()
        except CatalogError as exc:
            self._say(str(exc))

    def resign(self) -> None:
        """Gives the lease up, so that another can lead at once."""
        if keeper := self._keeper:
            self._stand_by()
            with self._catalog.begin() as connection:
                give_up(connection, keeper.held)

    def _kept(self) -> Keeper | None:
        """The lease, if this is the leader, for all it knows: each transaction fences itself."""
        if self._keeper:
            return self._keeper
        with self._catalog.begin() as connection:
            held, others = take(connection, [NAME], HOLDER, seconds=self._seconds)
        if others:
            self._say(f"{others[0]['holder']} on {others[0]['host']} leads; standing by")
            return None
        self._in_step = False
        self._keeper = Keeper(self._catalog, held, seconds=self._seconds, beat=lambda _: None)
        return self._keeper

    def _lead(self, keeper: Keeper, now: datetime) -> None:
        if self._roster.reread(now) or not self._in_step:
            self._in_step = False
            self._clock.sync(self._roster.portals, now)
            self._in_step = True
        self._clock.strike(now, keeper.fence)
        with self._catalog.begin() as connection:
            keeper.fence(connection)
            lost = ledger.sweep(connection)
            waiting = ledger.queued(connection)
        for row in lost:
            log.warning("run %s of %s is lost: it was not heard of", row["run"], " ".join(row["portals"]))
        self._executor.start(waiting)

    def _stand_by(self) -> None:
        if self._keeper:
            self._keeper.close()
        self._keeper = None

    def _say(self, line: str) -> None:
        """Once, for as many ticks as it stays so."""
        if line != self._said:
            log.info("%s", line)
        self._said = line
