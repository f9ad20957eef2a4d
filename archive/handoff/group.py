"""A group: one downstream consumer of the handoffs, with what it has leased, acked and parked.

    (none) --pull--> leased --ack--> acked
       ^               |
       +--lease ends---+        after 5 tries: parked

A delivery exists only once a message was pulled, and names it by its stable id: a rebuild changes no group's position.
One pull at a time per group: SQLite's write lock sees to it, and on PostgreSQL an advisory lock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, func, insert, or_, select, update

from archive.capture.compose import warc_date
from archive.errors import ConfigError
from archive.index.catalog import alone
from archive.index.schema import deliveries, handoffs

MOST_TRIES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Pulled:
    id: str
    message: str


def pull(connection: Connection, group: str, *, most: int, lease: timedelta, now: datetime) -> Sequence[Pulled]:
    """Up to `most` messages, oldest first, leased to the caller until `now + lease`."""
    alone(connection, f"pull {group}")
    _park(connection, group, now)
    mine = and_(deliveries.c.handoff == handoffs.c.id, deliveries.c.group == group)
    free = or_(deliveries.c.state.is_(None), and_(deliveries.c.state == "leased", _ended(now)))
    question = (
        select(handoffs.c.id, handoffs.c.message, deliveries.c.tries)
        .select_from(handoffs.outerjoin(deliveries, mine))
        .where(free)
        .order_by(handoffs.c.seq)
        .limit(most)
    )
    rows = connection.execute(question).all()
    until = warc_date(now + lease)
    for row in rows:
        _lease(connection, group, row.id, row.tries, until)
    return [Pulled(id=row.id, message=row.message) for row in rows]


def ack(connection: Connection, group: str, ids: Sequence[str], *, now: datetime) -> None:
    """Marks messages as done. Again is no error; a message this group never pulled is (ConfigError, nothing acked)."""
    mine = and_(deliveries.c.group == group, deliveries.c.handoff.in_(ids))
    known = set(connection.scalars(select(deliveries.c.handoff).where(mine)))
    if unknown := [one for one in ids if one not in known]:
        raise ConfigError(f"handoff ack: group {group!r} never pulled {unknown[0]!r}; allowed: ids that it pulled")
    values = {"state": "acked", "acked_at": warc_date(now), "leased_until": None}
    connection.execute(update(deliveries).where(mine, deliveries.c.state != "acked").values(values))


def _ended(now: datetime) -> ColumnElement[bool]:
    return deliveries.c.leased_until <= warc_date(now)


def _park(connection: Connection, group: str, now: datetime) -> None:
    worn_out = and_(deliveries.c.group == group, deliveries.c.state == "leased", deliveries.c.tries >= MOST_TRIES)
    connection.execute(update(deliveries).where(worn_out, _ended(now)).values(state="parked"))


def _lease(connection: Connection, group: str, handoff: str, tries: int | None, until: str) -> None:
    if tries is None:
        row = {"group": group, "handoff": handoff, "state": "leased", "tries": 1, "leased_until": until}
        connection.execute(insert(deliveries).values(row))
    else:
        again = and_(deliveries.c.group == group, deliveries.c.handoff == handoff)
        connection.execute(update(deliveries).where(again).values(tries=tries + 1, leased_until=until))


def waiting(connection: Connection, group: str) -> int:
    """How many messages the group has neither acked nor parked."""
    done = and_(deliveries.c.group == group, deliveries.c.state.in_(["acked", "parked"]))
    total = connection.scalar(select(func.count()).select_from(handoffs)) or 0
    return total - (connection.scalar(select(func.count()).select_from(deliveries).where(done)) or 0)
