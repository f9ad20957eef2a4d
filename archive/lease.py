"""Leases: rights that end by themselves, in the catalog database, so that a thing is done by one process at a time on
whatever machine (I7).

    free --take--> held --renew--> held                 names: portal/<id>, scheduler
     ^              |
     +--------------+  given up, or `until` has passed

Each take gives the lease its next token. Who held it before, and slept past its end, finds another token there:
LeaseLost. The same token fences the catalog: what a late writer still deposits is refused (see `fence`).
"""

import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

from sqlalchemy import ColumnElement, Connection, and_, select, text, update

from archive.capture.compose import warc_date
from archive.errors import CatalogError, LeaseLost
from archive.index.catalog import Catalog, Row, insert_once
from archive.index.schema import leases

FREE = ""
HOST = socket.gethostname()


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    name: str
    token: int
    holder: str


def portal_lease(portal: str) -> str:
    return f"portal/{portal}"


def utc_now(connection: Connection) -> datetime:
    """By the database's clock: machines that share a catalog need not agree on the time."""
    if connection.dialect.name == "postgresql":
        now: datetime = connection.execute(text("SELECT clock_timestamp()")).scalar_one()
        return now.astimezone(UTC)
    return datetime.now(UTC)


def take(connection: Connection, names: Iterable[str], holder: str, *, seconds: float) -> tuple[list[Lease], list[Row]]:
    """Takes what is free for so many seconds; gives the leases taken, and the rows of those that others hold."""
    now = utc_now(connection)
    until = warc_date(now + timedelta(seconds=seconds))
    taken, held = [], []
    for name in sorted(set(names)):  # in one order: two takers must not wait for each other
        insert_once(connection, leases, [{"name": name, "token": 0, "holder": FREE, "host": FREE, "until": FREE}])
        values = {"token": leases.c.token + 1, "holder": holder, "host": HOST, "until": until}
        free = and_(leases.c.name == name, leases.c.until <= warc_date(now))
        token = connection.scalar(update(leases).where(free).values(values).returning(leases.c.token))
        if token is None:
            held.append(_row(connection, name))
        else:
            taken.append(Lease(name=name, token=token, holder=holder))
    return taken, held


def renew(connection: Connection, held: Sequence[Lease], *, seconds: float) -> None:
    """Raises LeaseLost if any of them is another's. One that has ended is renewed if nobody has taken it since."""
    until = warc_date(utc_now(connection) + timedelta(seconds=seconds))
    for lease in held:
        if not connection.execute(update(leases).where(_is(lease)).values(until=until)).rowcount:
            raise _lost(connection, lease)


def fence(connection: Connection, held: Sequence[Lease]) -> None:
    """Raises LeaseLost if any of them is another's. Until this transaction ends, no other can take them."""
    for lease in held:
        if connection.execute(select(leases.c.name).where(_is(lease)).with_for_update()).first() is None:
            raise _lost(connection, lease)


def give_up(connection: Connection, held: Sequence[Lease]) -> None:
    for lease in held:
        connection.execute(update(leases).where(_is(lease)).values(until=FREE))


def free_all(connection: Connection, holder: str) -> None:
    """For a holder that is known to be dead."""
    connection.execute(update(leases).where(leases.c.holder == holder).values(until=FREE))


def holder_of(connection: Connection, name: str) -> Row | None:
    """The lease's row, while it is held: name, token, holder, host, until."""
    living = and_(leases.c.name == name, leases.c.until > warc_date(utc_now(connection)))
    row = connection.execute(select(leases).where(living)).mappings().first()
    return dict(row) if row else None


def _is(lease: Lease) -> ColumnElement[bool]:
    return and_(leases.c.name == lease.name, leases.c.token == lease.token)


def _row(connection: Connection, name: str) -> Row:
    return dict(connection.execute(select(leases).where(leases.c.name == name)).mappings().one())


def _lost(connection: Connection, lease: Lease) -> LeaseLost:
    row = _row(connection, lease.name)
    return LeaseLost(f"lease {lease.name} of {lease.holder} is {row['holder']}'s on {row['host']} since it had ended")


class Keeper:
    """Renews leases on a thread of its own. `check` raises LeaseLost as soon as another may have taken them: when that
    was seen, or when they could not be renewed for as long as they last."""

    def __init__(
        self, catalog: Catalog, held: Sequence[Lease], *, seconds: float, beat: Callable[[Connection], None]
    ) -> None:
        """`beat` is done with every renewal, in its transaction."""
        self.held, self._catalog, self._seconds, self._beat = held, catalog, seconds, beat
        self._ends = _clock() + seconds
        self._error: LeaseLost | None = None
        self._closed = Event()
        self._thread = Thread(target=self._run, name="lease keeper", daemon=True)
        self._thread.start()

    def check(self) -> None:
        if self._error:
            raise self._error
        if self.held and _clock() >= self._ends:
            names = ", ".join(lease.name for lease in self.held)
            raise LeaseLost(f"lease {names} of {self.held[0].holder} ended: it was not renewed in {self._seconds:g} s")

    def fence(self, connection: Connection) -> None:
        fence(connection, self.held)

    def close(self) -> None:
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closed.wait(self._seconds / 3) and not self._error:
            with suppress(CatalogError):  # it may answer again before the leases end
                self._renew()

    def _renew(self) -> None:
        began = _clock()
        try:
            with self._catalog.begin() as connection:
                renew(connection, self.held, seconds=self._seconds)
                self._beat(connection)
        except LeaseLost as exc:
            self._error = exc
        else:
            self._ends = began + self._seconds


@contextmanager
def kept(
    catalog: Catalog, held: Sequence[Lease], *, seconds: float, beat: Callable[[Connection], None]
) -> Iterator[Keeper]:
    keeper = Keeper(catalog, held, seconds=seconds, beat=beat)
    try:
        yield keeper
    finally:
        keeper.close()


def _clock() -> float:
    """Runs on while the process is stopped and, unlike `time.monotonic`, while the machine sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)
